// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace isopod {

/// True when `bytes` is well-formed UTF-8 (no overlong forms, no surrogates, nothing above
/// U+10FFFF).
bool is_utf8(std::string_view bytes);

/// `bytes` with every maximal ill-formed part replaced by U+FFFD, as the Encoding Standard decodes.
std::string to_utf8(std::string_view bytes);

/// The entry of `names` nearest to `name` by edit distance (case of ASCII letters does not count,
/// an exchange of two neighbours is one edit; the first of several equally near), or empty when
/// none is near enough to be what the person meant: more edits than a third of the longer name's
/// length. Names over 128 bytes have no nearest one.
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> names);

/// Colour sequences are ESC [ digits and semicolons m. `kKeep` passes them, `kDrop` takes them out.
enum class Sgr { kKeep, kDrop };

/// `text` made safe for a terminal, so that text of an extension cannot drive it: every control
/// character other than newline and tab, including DEL and U+0080 to U+009F, becomes an escape such
/// as
/// "\x1b", and bytes that are not UTF-8 become U+FFFD. The result is well-formed UTF-8.
std::string printable(std::string_view text, Sgr sgr);

}  // namespace isopod
