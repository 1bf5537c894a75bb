# SPDX-License-Identifier: MIT
import contextlib
import io
import unittest

import check_hosts
from checklib_test import TemporaryRepository

# Put together here too, so that this file passes the check that it tests.
HOST = '.'.join(['registry', 'npm' + 'js', 'org'])
HOME = '/' + 'ro' + 'ot/'


def finds(name, text, allowed=frozenset()):
    return list(check_hosts.judge(name, text, allowed))


class HostsTest(unittest.TestCase):
    def test_a_host_is_found_with_its_line(self):
        found = finds('docs/a.md', f'one\nsee https://{HOST}/x\n')
        self.assertEqual(found, [f'docs/a.md:2: names the host of a package registry: {HOST[:-4]}'])

    def test_a_host_of_debian_is_found_whatever_its_case(self):
        self.assertTrue(finds('a', 'HTTP://' + '.'.join(['Deb', 'Debian', 'Org'])))

    def test_names_that_only_look_alike_pass(self):
        self.assertEqual(finds('a', 'registry of npm packages, npm.config, debian/rules, a package.org\n'), [])

    def test_a_path_of_a_machine_is_found(self):
        self.assertTrue(finds('a.cc', f'open("{HOME}x")'))
        self.assertTrue(finds('a.cc', '-I/' + 'wo' + 'rk/main'))

    def test_paths_that_only_contain_the_word_pass(self):
        self.assertEqual(finds('a', 'src' + HOME + 'x, ~' + HOME + 'x, https://example.com' + HOME + 'x\n'), [])

    def test_an_exception_holds_for_its_file_and_kind_only(self):
        text = f'{HOME}x {HOST}'
        self.assertEqual(len(finds('test/a.json', text, {('test/', 'path')})), 1)
        self.assertEqual(len(finds('test/a.json', text, {('test/a.json', 'path'), ('test/a.json', 'host')})), 0)
        self.assertEqual(len(finds('testing/a.json', text, {('test/', 'path')})), 2)

    def test_a_lockfile_says_nowhere_where_packages_came_from(self):
        text = '{"packages": {"a": {\n  "resol' + 'ved": "x"\n}}}'
        self.assertEqual(len(finds('js/package-lock.json', text)), 1)
        self.assertEqual(finds('js/other.json', text), [])
        self.assertEqual(finds('js/package-lock.json', '{"packages": {}}'), [])

    def test_the_whole_check_reads_its_exceptions_and_skips_binary_files(self):
        files = {'a.md': HOME + 'x', 'b.bin': '\0' + HOST, 'tools/check_hosts_allow.txt': 'a.md path  # shown\n'}
        with TemporaryRepository(files) as repo, contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(check_hosts.main(repo.root), 0)
            repo.write({'c.md': HOST})
            self.assertEqual(check_hosts.main(repo.root), 1)


if __name__ == '__main__':
    unittest.main()
