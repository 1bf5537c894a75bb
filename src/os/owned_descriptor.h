// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

#include <cerrno>
#include <tl/expected.hpp>
#include <utility>

namespace isopod::os {

/// What a function returns that fails with the system's own number, for callers that name the
/// operation and the path in words of their own (`call_error`).
template <class T = void>
class [[nodiscard]] SystemResult : public tl::expected<T, int> {
 public:
  using tl::expected<T, int>::expected;
};

/// `return system_failure();` right after the call that failed.
inline tl::unexpected<int> system_failure() { return tl::unexpected<int>(errno); }
inline tl::unexpected<int> system_failure(int number) { return tl::unexpected<int>(number); }

/// A descriptor that is closed at the end; possibly none.
class OwnedDescriptor {
 public:
  OwnedDescriptor() = default;
  explicit OwnedDescriptor(int number) : number_(number) {}
  ~OwnedDescriptor() { reset(); }
  OwnedDescriptor(OwnedDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  OwnedDescriptor& operator=(OwnedDescriptor&& other) noexcept {
    if (this == &other) return *this;
    reset();
    number_ = std::exchange(other.number_, -1);
    return *this;
  }
  OwnedDescriptor(const OwnedDescriptor&) = delete;
  OwnedDescriptor& operator=(const OwnedDescriptor&) = delete;

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  /// Hands the duty to close it to the caller.
  [[nodiscard]] int give_up() { return std::exchange(number_, -1); }

 private:
  void reset() {
    // Linux closes the descriptor even when close() reports EINTR, so it is never repeated.
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

  int number_ = -1;
};

/// Repeats a call that a signal interrupted.
template <class Call>
auto repeat_interrupted(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

}  // namespace isopod::os
