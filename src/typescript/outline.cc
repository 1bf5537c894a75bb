// SPDX-License-Identifier: MIT
#include "typescript/outline.h"

#include <algorithm>
#include <array>
#include <vector>

#include "typescript/source_text.h"

namespace isopod::typescript {
namespace {

constexpr std::array<std::string_view, 6> kCommonjsNames = {"require",   "module",     "exports",
                                                            "__dirname", "__filename", "import"};
/// Words with a parenthesis behind them that is no list of parameters.
constexpr std::array<std::string_view, 6> kControlWords = {"if",     "for",  "while",
                                                           "switch", "with", "catch"};
/// Words behind which an expression starts.
constexpr std::array<std::string_view, 15> kOperatorWords = {
    "return", "typeof", "case", "in",    "of",    "delete",  "void",      "throw",
    "new",    "do",     "else", "await", "yield", "default", "instanceof"};

template <std::size_t size>
bool is_one_of(const std::array<std::string_view, size>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

class Outliner {
 public:
  explicit Outliner(std::string_view source) : source_(source) { outline_.text = source; }

  std::optional<Outline> run() {
    if (source_.starts_with("#!")) at_ = source_.find('\n');
    while (at_ < source_.size() && !broken_) step();
    if (broken_ || !open_.empty()) return std::nullopt;
    for (const char c : outline_.text) outline_.kept += c > ' ' || c < 0 ? 1 : 0;
    return std::move(outline_);
  }

 private:
  struct Bracket {
    char mark;  ///< `$` for the `${` of a template
    std::size_t at;
    bool control = false;    ///< a parenthesis behind `if` and the like
    bool function = false;   ///< a brace around the body of a function
    bool statement = false;  ///< a brace behind which a statement may start
  };

  void step() {
    at_ = skip_trivia(source_, at_);
    if (at_ >= source_.size()) return;
    const std::string_view word = word_at(source_, at_);
    if (!word.empty()) return read_word(word);
    const char c = source_[at_];
    if (c == '"' || c == '\'') return read_string(c);
    if (c == '`') {
      ++at_;
      return read_template();
    }
    if (c == '/' && starts_expression()) return read_regular_expression();
    if (c == '(' || c == '[' || c == '{') return open(c);
    if (c == ')' || c == ']' || c == '}') return close(c);
    const bool arrow = c == '=' && source_.substr(at_, 2) == "=>";
    at_ += arrow ? 2 : sequence_length(source_, at_);
    previous_ = arrow ? '>' : c;
    is_arrow_ = arrow;
    previous_word_ = {};
  }

  void read_word(std::string_view word) {
    if (functions_ > 0 && previous_ != '.' && is_one_of(kCommonjsNames, word)) {
      const bool is_meta = source_.substr(at_).starts_with("import.meta");
      if (word != "import") outline_.inner_words.emplace(word);
      if (is_meta) outline_.inner_words.emplace("import.meta");
    }
    at_ += word.size();
    // The name of a property is no keyword.
    previous_word_ = previous_ == '.' ? "property" : word;
    previous_ = 'a';
    is_arrow_ = false;
  }

  void read_string(char quote) {
    for (++at_; at_ < source_.size() && source_[at_] != quote; ++at_) {
      if (source_[at_] == '\\') ++at_;
      if (at_ < source_.size() && source_[at_] == '\n' && source_[at_ - 1] != '\\') broken_ = true;
    }
    end_operand();
  }

  void end_operand() {
    ++at_;
    previous_ = 'a';
    previous_word_ = "value";
    is_arrow_ = false;
  }

  /// From inside a template to its end or its next `${`.
  void read_template() {
    for (; at_ < source_.size(); ++at_) {
      if (source_[at_] == '\\') {
        ++at_;
      } else if (source_[at_] == '`') {
        return end_operand();
      } else if (source_[at_] == '$' && source_.substr(at_, 2) == "${") {
        open_.push_back({'$', at_});
        at_ += 2;
        previous_ = '{';
        previous_word_ = {};
        return;
      }
    }
    broken_ = true;
  }

  void read_regular_expression() {
    bool in_class = false;
    for (++at_; at_ < source_.size(); ++at_) {
      const char c = source_[at_];
      if (c == '\n') break;
      if (c == '\\') {
        ++at_;
      } else if (c == '[' || c == ']') {
        in_class = c == '[';
      } else if (c == '/' && !in_class) {
        return end_operand();
      }
    }
    broken_ = true;
  }

  bool starts_expression() const {
    if (previous_ == 'a') return is_one_of(kOperatorWords, previous_word_);
    if (previous_ == ')') return closed_.control;
    if (previous_ == '}') return closed_.statement;
    return previous_ != ']';
  }

  void open(char c) {
    Bracket bracket{c, at_};
    if (c == '(') bracket.control = previous_ == 'a' && is_one_of(kControlWords, previous_word_);
    if (c == '{') {
      const bool behind_parameters = previous_ == ')' && !closed_.control;
      bracket.function = behind_parameters || is_arrow_;
      bracket.statement = !is_arrow_ && (previous_ == ')' || previous_ == ';' || previous_ == '{' ||
                                         previous_ == '}' || previous_ == '\0' ||
                                         previous_word_ == "else" || previous_word_ == "try" ||
                                         previous_word_ == "finally" || previous_word_ == "do");
    }
    functions_ += bracket.function ? 1 : 0;
    open_.push_back(bracket);
    ++at_;
    previous_ = c;
    previous_word_ = {};
    is_arrow_ = false;
  }

  void close(char c) {
    const char opening = c == ')' ? '(' : c == ']' ? '[' : '{';
    const bool ends_template = c == '}' && !open_.empty() && open_.back().mark == '$';
    if (open_.empty() || (open_.back().mark != opening && !ends_template)) {
      broken_ = true;
      return;
    }
    closed_ = open_.back();
    open_.pop_back();
    ++at_;
    if (ends_template) return read_template();
    previous_ = c;
    previous_word_ = {};
    is_arrow_ = false;
    if (closed_.function && --functions_ == 0) blank(closed_.at + 1, at_ - 1);
  }

  void blank(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (source_[i] != '\n' && source_[i] != '\r') outline_.text[i] = ' ';
    }
  }

  std::string_view source_;
  Outline outline_;
  std::size_t at_ = 0;
  bool broken_ = false;
  std::vector<Bracket> open_;
  Bracket closed_ = {'\0', 0};
  std::size_t functions_ = 0;
  // The token before `at_`: its mark, `a` for a word or a value.
  char previous_ = '\0';
  std::string_view previous_word_;
  bool is_arrow_ = false;
};

}  // namespace

std::optional<Outline> outline_javascript(std::string_view source) {
  return Outliner(source).run();
}

}  // namespace isopod::typescript
