// SPDX-License-Identifier: MIT
#include "engine/heap.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>

namespace isopod::engine {
namespace {

/// What the C allocator keeps in front of each block, beside what malloc_usable_size reports.
constexpr std::size_t kBlockHeaderBytes = 8;

std::size_t footprint(const void* block) {
  return malloc_usable_size(const_cast<void*>(block)) + kBlockHeaderBytes;
}

}  // namespace

const JSMallocFunctions& Heap::functions() {
  static const JSMallocFunctions hooks = {
      calloc_hook, malloc_hook, free_hook, realloc_hook,
      [](const void* block) { return malloc_usable_size(const_cast<void*>(block)); }};
  return hooks;
}

bool Heap::admit(std::size_t bytes) {
  const std::size_t used = used_bytes();
  if (used <= limit_bytes_ && bytes <= limit_bytes_ - used) return true;
  exhausted_ = true;
  return false;
}

void Heap::add(std::size_t bytes) {
  const std::size_t used = used_bytes() + bytes;
  used_bytes_.store(used, std::memory_order_relaxed);
  peak_bytes_ = std::max(peak_bytes_, used);
}

void* Heap::allocate(std::size_t count, std::size_t size, bool zeroed) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes) || !admit(bytes)) {
    exhausted_ = true;
    return nullptr;
  }
  void* block = zeroed ? std::calloc(count, size) : std::malloc(bytes);
  if (block == nullptr) {
    exhausted_ = true;
    return nullptr;
  }
  add(footprint(block));
  return block;
}

void* Heap::reallocate(void* block, std::size_t size) {
  if (block == nullptr) return size == 0 ? nullptr : allocate(1, size, false);
  if (size == 0) {
    release(block);
    return nullptr;
  }
  const std::size_t before = footprint(block);
  if (size > before && !admit(size - before)) return nullptr;
  void* moved = std::realloc(block, size);
  if (moved == nullptr) {
    exhausted_ = true;
    return nullptr;
  }
  used_bytes_.store(used_bytes() - before, std::memory_order_relaxed);
  add(footprint(moved));
  return moved;
}

void Heap::release(void* block) {
  if (block == nullptr) return;
  used_bytes_.store(used_bytes() - footprint(block), std::memory_order_relaxed);
  std::free(block);
}

void* Heap::calloc_hook(void* heap, std::size_t count, std::size_t size) {
  return static_cast<Heap*>(heap)->allocate(count, size, true);
}

void* Heap::malloc_hook(void* heap, std::size_t size) {
  return static_cast<Heap*>(heap)->allocate(1, size, false);
}

void Heap::free_hook(void* heap, void* block) { static_cast<Heap*>(heap)->release(block); }

void* Heap::realloc_hook(void* heap, void* block, std::size_t size) {
  return static_cast<Heap*>(heap)->reallocate(block, size);
}

}  // namespace isopod::engine
