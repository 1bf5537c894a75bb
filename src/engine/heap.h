// SPDX-License-Identifier: MIT
#pragma once

#include <quickjs.h>

#include <atomic>
#include <cstddef>

namespace isopod::engine {

/// The memory of one runtime: the C allocator with an account and a limit. It sits below the
/// engine's own small-block arenas, so `used_bytes` is what the process really pays, slack
/// included; the engine's own count is about half of it.
///
/// Used by the runtime's thread only, except for `used_bytes`, which any thread may read.
class Heap {
 public:
  explicit Heap(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  /// The allocation functions for `JS_NewRuntime2`; their opaque pointer is the Heap.
  static const JSMallocFunctions& functions();

  [[nodiscard]] std::size_t used_bytes() const {
    return used_bytes_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::size_t peak_bytes() const { return peak_bytes_; }
  [[nodiscard]] std::size_t limit_bytes() const { return limit_bytes_; }

  /// True once an allocation was refused. It stays true: a runtime that ran out of memory is
  /// destroyed, whatever its script made of the exception.
  [[nodiscard]] bool exhausted() const { return exhausted_; }

 private:
  void* allocate(std::size_t count, std::size_t size, bool zeroed);
  void* reallocate(void* block, std::size_t size);
  void release(void* block);
  bool admit(std::size_t bytes);
  void add(std::size_t bytes);

  static void* calloc_hook(void* heap, std::size_t count, std::size_t size);
  static void* malloc_hook(void* heap, std::size_t size);
  static void free_hook(void* heap, void* block);
  static void* realloc_hook(void* heap, void* block, std::size_t size);

  const std::size_t limit_bytes_;
  // Relaxed: a figure for observers, ordered with nothing.
  std::atomic<std::size_t> used_bytes_{0};
  std::size_t peak_bytes_ = 0;
  bool exhausted_ = false;
};

}  // namespace isopod::engine
