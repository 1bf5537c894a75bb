# SPDX-License-Identifier: MIT
import contextlib
import io
import unittest

import check_sizes
from check_sizes import functions_of
from checklib_test import TemporaryRepository


def cpp(text):
    return functions_of(text, is_script=False)


def script(text):
    return functions_of(text, is_script=True)


class CppTest(unittest.TestCase):
    def test_a_function_counts_from_its_first_line_to_its_brace(self):
        self.assertEqual(cpp('int add(int a,\n        int b) {\n  return a + b;\n}\n'), [(1, 4)])

    def test_namespaces_classes_and_initialisers_are_no_functions(self):
        self.assertEqual(cpp('namespace a {\nclass B : public C {\n  int d_ = {1};\n};\nint e[] = {\n1,\n};\n}\n'), [])
        self.assertEqual(cpp('enum class A : int {\n  kB,\n};\nextern "C" {\n}\n'), [])

    def test_methods_in_a_class_are_functions(self):
        text = 'class A {\n public:\n  int b() const noexcept override {\n    return 1;\n  }\n  int c() { return 2; }\n};\n'
        self.assertEqual(cpp(text), [(3, 3), (6, 1)])

    def test_a_lambda_belongs_to_its_function(self):
        self.assertEqual(cpp('void f() {\n  auto g = [] {\n    h();\n  };\n  if (g) {\n  }\n}\n'), [(1, 7)])

    def test_a_constructor_with_members_in_braces_is_one_function(self):
        self.assertEqual(cpp('A::A(int b)\n    : b_{b}, c_{1} {\n  d();\n}\n'), [(1, 4)])

    def test_templates_trailing_types_and_macros_of_tests(self):
        self.assertEqual(cpp('template <typename T>\nauto f(T t) -> Result<T> {\n  return t;\n}\n'), [(1, 4)])
        self.assertEqual(cpp('TEST(Lane, drains) {\n  run();\n}\n'), [(1, 3)])

    def test_braces_in_strings_comments_and_macros_do_not_count(self):
        text = 'void f() {\n  g("}");  // }\n  h(R"js(} {)js");\n  char c = \'{\';\n}\nvoid i() {\n}\n'
        self.assertEqual(cpp(text), [(1, 5), (6, 2)])
        self.assertEqual(cpp('#define A(x) \\\n  do {  \\\n  } while (0)\nvoid f() {\n}\n'), [(4, 2)])

    def test_digit_separators_are_no_characters(self):
        self.assertEqual(cpp("int f() {\n  return 1'000 + 2'000;\n}\n"), [(1, 3)])


class ScriptTest(unittest.TestCase):
    def test_functions_methods_and_arrows(self):
        self.assertEqual(script('export async function f(a: A): Promise<B> {\n  return a;\n}\n'), [(1, 3)])
        self.assertEqual(script('const f = (a) => {\n  return a;\n};\n'), [(1, 3)])
        self.assertEqual(script('function f(): { a: string } {\n  return b;\n}\n'), [(1, 3)])
        self.assertEqual(script('class A {\n  get b(): number {\n    return 1;\n  }\n}\n'), [(2, 3)])

    def test_an_outer_function_does_not_count_its_inner_ones(self):
        text = 'function outer() {\n  function inner() {\n    a();\n    b();\n  }\n  c();\n}\n'
        self.assertEqual(script(text), [(1, 4), (2, 4)])

    def test_objects_and_blocks_are_no_functions(self):
        self.assertEqual(script('const a = {\n  b: { c: 1 },\n};\nif (a) {\n}\nfor (const x of a) {\n}\n'), [])
        self.assertEqual(script('interface A {\n  b(): void;\n}\n'), [])

    def test_templates_and_regular_expressions_are_opaque(self):
        self.assertEqual(script('function f() {\n  a(`{ ${b}`);\n  return /[{/]{/.test(c);\n}\n'), [(1, 4)])


class MainTest(unittest.TestCase):
    def check(self, name, text):
        with TemporaryRepository({name: text}) as repo, contextlib.redirect_stdout(io.StringIO()) as out:
            return check_sizes.main(repo.root), out.getvalue()

    def test_limits_are_exact(self):
        body = '  a();\n'
        self.assertEqual(self.check('src/a.cc', 'void f() {\n' + body * 68 + '}\n')[0], 0)
        status, text = self.check('src/a.cc', '\nvoid f() {\n' + body * 69 + '}\n')
        self.assertEqual(status, 1)
        self.assertIn('src/a.cc:2: a function of 71 lines', text)
        self.assertEqual(self.check('js/a.ts', 'a();\n' * 1000)[0], 0)
        self.assertEqual(self.check('js/a.ts', 'a();\n' * 1001)[0], 1)


if __name__ == '__main__':
    unittest.main()
