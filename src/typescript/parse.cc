// SPDX-License-Identifier: MIT
#include "typescript/parse.h"

#include <algorithm>
#include <optional>

#include "typescript/source_text.h"
#include "typescript/verify.h"

namespace isopod::typescript {
namespace {

/// Every repair costs one more parse. Small files may need many, large ones get few.
constexpr std::size_t kRoundsMax = 256;
constexpr std::size_t kParsedBytesMax = 128u << 20;
constexpr std::size_t kJsxBytesMax = 2'000;
constexpr std::size_t kRecoveredBytesMax = 1u << 20;

/// Where a tag begins on the line of the error, or npos when that line looks like no JSX.
std::size_t find_jsx(std::string_view source, std::size_t at, const std::string& file) {
  const std::size_t line = at == 0 ? std::string_view::npos : source.rfind('\n', at - 1);
  const std::size_t begin = line == std::string_view::npos ? 0 : line + 1;
  const std::string_view near = source.substr(begin, kJsxBytesMax);
  const bool is_jsx_file = file.ends_with(".tsx") || file.ends_with(".jsx");
  for (std::size_t tag = near.find('<'); tag != std::string_view::npos;
       tag = near.find('<', tag + 1)) {
    const std::size_t before = skip_space_back(near, tag);
    const std::string_view word = word_before(near, before);
    const bool is_operand = before == 0 || word == "return" || word == "default" ||
                            (word.empty() && near[before - 1] != ')' && near[before - 1] != ']');
    const std::string_view name = word_at(near, tag + 1);
    const bool closes = near.find("</" + std::string(name) + ">") != std::string_view::npos ||
                        (!name.empty() && near.find("/>") != std::string_view::npos);
    if (is_operand && (closes || is_jsx_file)) return begin + tag;
  }
  return std::string_view::npos;
}

class Parser {
 public:
  Parser(std::string_view source, const StripOptions& options)
      : source_(source), options_(options), text_(source) {}

  Result<Parsed> run() {
    const std::size_t rounds =
        std::clamp<std::size_t>(kParsedBytesMax / (source_.size() + 1), 2, kRoundsMax);
    for (std::size_t round = 0; round < rounds; ++round) {
      ParseOutcome outcome = parse_tree(text_.text(), OnError::kLocate);
      if (outcome.status == ParseOutcome::Status::kTooDeep) {
        return fail(
            Code::kUnsupported,
            "The code is nested more than " + std::to_string(kTreeDepthMax) + " levels deep.",
            locate(source_, outcome.error_at, options_.file));
      }
      if (outcome.status == ParseOutcome::Status::kTooCostly) {
        return fail(Code::kUnsupported, "The code takes too long to parse.",
                    locate(source_, outcome.error_at, options_.file));
      }
      if (outcome.status == ParseOutcome::Status::kSyntax) {
        // An error that does not come later than the last repair was caused by it.
        if (last_repaired_ && outcome.error_at <= last_repaired_->error_at) {
          return fail(syntax_error(*last_repaired_));
        }
        if (!text_.repair(outcome.error_after, outcome.error_at) &&
            !repair_from_recovery(outcome)) {
          return fail(syntax_error(outcome));
        }
        last_repaired_ = std::move(outcome);
        continue;
      }
      bool repaired = false;
      if (std::optional<Error> error = repair_disagreements(outcome.tree, repaired))
        return fail(*error);
      if (!repaired) return Parsed{std::move(text_), std::move(outcome.tree)};
    }
    return fail(Code::kUnsupported,
                "The file uses too much syntax that this parser reads only with repairs; split it.",
                locate(source_, last_repaired_ ? last_repaired_->error_at : 0, options_.file));
  }

 private:
  Error syntax_error(const ParseOutcome& outcome) const {
    // The token may be a semicolon that a repair inserted: then it is the next one that is wrong.
    const std::size_t at = skip_trivia(source_, outcome.error_at);
    const std::size_t tag = find_jsx(source_, at, options_.file);
    if (tag != std::string_view::npos) {
      return {Code::kUnsupported,
              "JSX is not supported; call the function that creates the element instead.",
              locate(source_, tag, options_.file),
              {}};
    }
    return {Code::kSyntax,
            "Unexpected " + describe_token(source_, at) + ".",
            locate(source_, at, options_.file),
            {}};
  }

  /// What is wrong may stand earlier: in `a = b as T` and `[c] = d` on the next line, the `[c]` was
  /// taken for a part of the type, and the `=` then fits nowhere. A tree made in spite of the error
  /// shows such places.
  bool repair_from_recovery(const ParseOutcome& failed) {
    if (source_.size() > kRecoveredBytesMax) return false;
    const ParseOutcome outcome = parse_tree(text_.text(), OnError::kRecover);
    if (outcome.status != ParseOutcome::Status::kTree) return false;
    bool repaired = false;
    for (const Disagreement& found : verify_tree(source_, outcome.tree)) {
      if (found.cure != Disagreement::Cure::kSemicolon || found.at >= failed.error_at) continue;
      repaired |= text_.insert_semicolon(found.after, found.at);
    }
    return repaired;
  }

  std::optional<Error> repair_disagreements(const SyntaxTree& tree, bool& repaired) {
    for (const Disagreement& found : verify_tree(source_, tree)) {
      if (found.cure == Disagreement::Cure::kErase) {
        text_.erase(found.after, found.at);
        repaired = true;
        continue;
      }
      const bool cured = (found.cure == Disagreement::Cure::kSemicolon &&
                          text_.insert_semicolon(found.after, found.at)) ||
                         (found.cure == Disagreement::Cure::kName && text_.join_names(found.at));
      if (!cured)
        return Error{found.code, found.message, locate(source_, found.at, options_.file), {}};
      repaired = true;
    }
    return std::nullopt;
  }

  std::string_view source_;
  const StripOptions& options_;
  ParseText text_;
  std::optional<ParseOutcome> last_repaired_;
};

}  // namespace

Result<Parsed> parse_typescript(std::string_view source, const StripOptions& options) {
  return Parser(source, options).run();
}

}  // namespace isopod::typescript
