// SPDX-License-Identifier: MIT
#include "typescript/syntax_tree.h"

#include <tree_sitter/api.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>

#include "base/check.h"
#include "base/clock.h"
#include "typescript/source_text.h"
#include "typescript/strip.h"

extern "C" const TSLanguage* tree_sitter_typescript(void);

namespace isopod::typescript {
namespace {

/// Normal sources take less than a microsecond for a byte. Some nonsense takes time that grows with
/// the square of its length, and nothing but a clock shows that.
constexpr std::chrono::microseconds kTimeMin = std::chrono::seconds(2);
constexpr std::chrono::microseconds kTimePerByte{20};
/// The parser reports progress after a fixed number of its own steps (100, a constant inside the
/// library). Measured: 5 to 50 reports for 1,000 bytes of source.
/// Recovery from errors can cost the square of the steps, and only the parser's log, which is slow,
/// shows it. So the log is on for one interval between reports out of so many.
constexpr std::size_t kReportsPerSample = 32;
/// How many sampled intervals may show recovery before it is given up.
constexpr std::size_t kErrorSamplesMax = 4;
/// The error is looked for so far before the place where it was noticed.
constexpr std::size_t kLoggedBytes = 256u << 10;

struct DeleteParser {
  void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};
struct DeleteTree {
  void operator()(TSTree* tree) const { ts_tree_delete(tree); }
};
using Parser = std::unique_ptr<TSParser, DeleteParser>;
using Tree = std::unique_ptr<TSTree, DeleteTree>;

/// What one run of the parser sees and says.
struct Run {
  std::string_view text;
  OnError on_error = OnError::kLocate;
  bool locates = false;      ///< stop at the first error and say where it is
  std::size_t log_from = 0;  ///< with `locates`: the byte from which on the log is read
  std::size_t reports = 0;
  std::size_t error_samples = 0;
  bool error_in_interval = false;
  std::size_t cancelled_at = 0;
  TSParser* parser = nullptr;
  MonotonicTime deadline = {};
  bool out_of_time = false;
  // Filled from the log: the furthest place where a reading of the source could not go on.
  bool located = false;
  TSPoint current = {0, 0};
  TSPoint furthest = {0, 0};
};

const char* read_text(void* payload, std::uint32_t offset, TSPoint, std::uint32_t* bytes_read) {
  const std::string_view text = static_cast<Run*>(payload)->text;
  if (offset >= text.size()) {
    *bytes_read = 0;
    return "";
  }
  *bytes_read = static_cast<std::uint32_t>(text.size() - offset);
  return text.data() + offset;
}

void listen(void* payload, TSLogType type, const char* message);

void set_log(Run& run, bool on) {
  ts_parser_set_logger(run.parser, on ? TSLogger{&run, listen} : TSLogger{nullptr, nullptr});
}

bool cancel_on(TSParseState* state) {
  Run& run = *static_cast<Run*>(state->payload);
  ++run.reports;
  run.cancelled_at = state->current_byte_offset;
  if (run.locates) {
    set_log(run, state->current_byte_offset >= run.log_from);
    return run.located || SystemClock().monotonic() > run.deadline;
  }
  if (run.error_in_interval) ++run.error_samples;
  run.error_in_interval = false;
  set_log(run, run.reports % kReportsPerSample == 0);
  const std::size_t samples_max = run.on_error == OnError::kLocate ? 0 : kErrorSamplesMax;
  run.out_of_time = SystemClock().monotonic() > run.deadline;
  return run.error_samples > samples_max || run.out_of_time;
}

/// The parser follows several readings at once. It says where each of them stands and which of them
/// fail; it resumes one only when none is left. The furthest failure before that is the first token
/// that no reading allows.
void listen(void* payload, TSLogType type, const char* message) {
  Run& run = *static_cast<Run*>(payload);
  if (type != TSLogTypeParse || run.located) return;
  const std::string_view line(message);
  if (line.starts_with("process version:")) {
    const std::size_t row = line.find("row:");
    if (row == std::string_view::npos) return;
    std::sscanf(message + row, "row:%u, col:%u", &run.current.row, &run.current.column);
  } else if (line.starts_with("detect_error")) {
    const bool further = run.current.row != run.furthest.row
                             ? run.current.row > run.furthest.row
                             : run.current.column > run.furthest.column;
    if (further) run.furthest = run.current;
  } else if (line.starts_with("resume version:")) {
    run.located = run.locates;
    run.error_in_interval = true;
  } else if (line.starts_with("skip_token") || line.starts_with("recover_")) {
    run.error_in_interval = true;
  }
}

Tree run_parser(Run& run) {
  const Parser parser(ts_parser_new());
  ISOPOD_CHECK(ts_parser_set_language(parser.get(), grammar()), "the grammar fits the library");
  run.parser = parser.get();
  run.deadline = SystemClock().monotonic() + kTimeMin + kTimePerByte * run.text.size();
  set_log(run, run.locates && run.log_from == 0);
  const TSInput input{&run, read_text, TSInputEncodingUTF8, nullptr};
  const TSParseOptions options{&run, cancel_on};
  return Tree(ts_parser_parse_with_options(parser.get(), nullptr, input, options));
}

std::size_t first_error_in(const TSTree* tree) {
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
  for (;;) {
    const TSNode node = ts_tree_cursor_current_node(&cursor);
    if (ts_node_is_error(node) || ts_node_is_missing(node)) break;
    if (ts_node_has_error(node) && ts_tree_cursor_goto_first_child(&cursor)) continue;
    if (!ts_tree_cursor_goto_next_sibling(&cursor)) break;
  }
  const std::size_t at = ts_node_start_byte(ts_tree_cursor_current_node(&cursor));
  ts_tree_cursor_delete(&cursor);
  return at;
}

ParseOutcome syntax_error(std::string_view text, const Run& failed, const TSTree* tree) {
  const std::size_t roughly = tree != nullptr ? first_error_in(tree) : failed.cancelled_at;
  ParseOutcome outcome{ParseOutcome::Status::kSyntax, {}, 0, 0};
  outcome.error_at = outcome.error_after = skip_trivia(text, std::min(roughly, text.size()));
  Run run{.text = text, .locates = true};
  run.log_from = roughly > kLoggedBytes ? roughly - kLoggedBytes : 0;
  const Tree ignored = run_parser(run);
  if (!run.located) return outcome;
  std::size_t line_start = 0;
  for (std::uint32_t row = 0; row < run.furthest.row; ++row) {
    line_start = std::min(text.find('\n', line_start), text.size() - 1) + 1;
  }
  outcome.error_after = std::min(line_start + run.furthest.column, text.size());
  outcome.error_at = skip_trivia(text, outcome.error_after);
  return outcome;
}

}  // namespace

const TSLanguage* grammar() { return tree_sitter_typescript(); }

/// Turns the library's tree into ours.
struct TreeBuilder {
  std::vector<Node> nodes;
  std::vector<NodeId> open;

  /// Returns false when the tree is deeper than allowed; the node in question is then the last one.
  bool build(const TSTree* tree, std::size_t depth_max) {
    TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
    const bool complete = walk(cursor, depth_max);
    ts_tree_cursor_delete(&cursor);
    return complete;
  }

  bool walk(TSTreeCursor& cursor, std::size_t depth_max) {
    for (;;) {
      const TSNode node = ts_tree_cursor_current_node(&cursor);
      if (!ts_node_is_extra(node) || ts_node_is_error(node)) {
        add(cursor, node);
        if (open.size() >= depth_max) return false;
        if (ts_tree_cursor_goto_first_child(&cursor)) {
          open.push_back(static_cast<NodeId>(nodes.size() - 1));
          continue;
        }
      }
      while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
        if (open.empty()) return true;
        ts_tree_cursor_goto_parent(&cursor);
        nodes[open.back()].subtree_end = static_cast<NodeId>(nodes.size());
        open.pop_back();
      }
    }
  }

  void add(const TSTreeCursor& cursor, TSNode node) {
    Node made;
    made.begin = ts_node_start_byte(node);
    made.end = ts_node_end_byte(node);
    made.parent = open.empty() ? kNoNode : open.back();
    made.subtree_end = static_cast<NodeId>(nodes.size() + 1);
    made.kind = kind_of_symbol(ts_node_symbol(node));
    made.field = field_of_id(ts_tree_cursor_current_field_id(&cursor));
    nodes.push_back(made);
  }

  SyntaxTree finish() && {
    SyntaxTree tree;
    tree.nodes_ = std::move(nodes);
    return tree;
  }
};

ParseOutcome parse_tree(std::string_view text, OnError on_error) {
  using Status = ParseOutcome::Status;
  ISOPOD_CHECK(text.size() <= kScriptBytesMax, "sources are bounded before they are parsed");
  Run run{.text = text, .on_error = on_error};
  const Tree tree = run_parser(run);
  if (run.out_of_time) return {Status::kTooCostly, {}, run.cancelled_at, run.cancelled_at};
  if (on_error == OnError::kLocate &&
      (tree == nullptr || ts_node_has_error(ts_tree_root_node(tree.get())))) {
    return syntax_error(text, run, tree.get());
  }
  if (tree == nullptr) return {Status::kTooCostly, {}, run.cancelled_at, run.cancelled_at};
  TreeBuilder builder;
  const std::size_t depth_max = on_error == OnError::kLocate ? kTreeDepthMax : SIZE_MAX;
  if (!builder.build(tree.get(), depth_max)) {
    return {Status::kTooDeep, {}, builder.nodes.back().begin, builder.nodes.back().begin};
  }
  return {Status::kTree, std::move(builder).finish(), 0, 0};
}

Kind SyntaxTree::parent_kind(NodeId id) const {
  const NodeId parent = nodes_[id].parent;
  return parent == kNoNode ? Kind::kOther : nodes_[parent].kind;
}

NodeId SyntaxTree::first_child(NodeId id) const { return is_leaf(id) ? kNoNode : id + 1; }

NodeId SyntaxTree::next_sibling(NodeId id) const {
  const NodeId parent = nodes_[id].parent;
  const NodeId next = nodes_[id].subtree_end;
  return parent != kNoNode && next < nodes_[parent].subtree_end ? next : kNoNode;
}

NodeId SyntaxTree::child(NodeId id, Field field) const {
  NodeId found = first_child(id);
  while (found != kNoNode && nodes_[found].field != field) found = next_sibling(found);
  return found;
}

NodeId SyntaxTree::child(NodeId id, Kind kind) const {
  NodeId found = first_child(id);
  while (found != kNoNode && nodes_[found].kind != kind) found = next_sibling(found);
  return found;
}

NodeId SyntaxTree::first_leaf(NodeId id) const {
  while (!is_leaf(id)) ++id;
  return id;
}

NodeId SyntaxTree::leaf_before(NodeId id) const {
  while (id-- > 0) {
    if (is_leaf(id)) return id;
  }
  return kNoNode;
}

NodeId SyntaxTree::leaf_after(NodeId id) const {
  const NodeId next = nodes_[id].subtree_end;
  return next < size() ? first_leaf(next) : kNoNode;
}

}  // namespace isopod::typescript
