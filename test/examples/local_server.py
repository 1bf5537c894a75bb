# SPDX-License-Identifier: MIT
"""A server on this machine for scenarios: plain HTTP, and a proxy that answers for any host over TLS.

`/echo` answers with the request as JSON, `/redirect?TARGET` redirects, everything else is a file of the folder
www in the scenario's directory. Each request adds a line to the file requests there.
"""
import json
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


class _Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, format, *arguments):  # The base class would write to stderr.
        pass

    def _record(self, text):
        with self.server.lock, open(self.server.work / 'requests', 'a') as log:
            log.write(text + '\n')

    def do_CONNECT(self):
        """What a client says to the host behind the proxy is answered here, under that host's name."""
        self._record(f'CONNECT {self.path}')
        self.send_response_only(200)
        self.end_headers()
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile('rb'), self.connection.makefile('wb')
        self.close_connection = False

    def _answer(self):
        size = int(self.headers.get('Content-Length') or 0)
        body = self.rfile.read(size).decode('utf-8', 'replace')
        self._record(f'{self.command} {self.path}')
        path, _, query = self.path.partition('?')
        if path == '/redirect':
            return self._send(302, b'', {'Location': unquote(query)})
        if path == '/echo':
            said = {'method': self.command, 'path': self.path, 'headers': dict(self.headers), 'body': body}
            return self._send(200, json.dumps(said).encode(), {'Content-Type': 'application/json'})
        file = self.server.work / 'www' / path.lstrip('/')
        if file.is_file():
            return self._send(200, file.read_bytes(), {})
        return self._send(404, b'no such file', {})

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer

    def _send(self, status, body, headers):
        self.send_response(status)
        for name, value in {**headers, 'Content-Length': str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)
        self.wfile.flush()


class LocalServer:
    """Listens until it is closed; `hosts` are the names that its certificate is for."""

    def __init__(self, work, root, hosts):
        self._server = ThreadingHTTPServer(('127.0.0.1', 0), _Handler)
        self._server.daemon_threads = True
        self._server.work, self._server.lock = work, threading.Lock()
        self.address = f'127.0.0.1:{self._server.server_port}'
        self.certificate = root / 'certificate.pem'
        if hosts:
            self._server.tls = self._tls(root / 'key.pem', hosts)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _tls(self, key, hosts):
        names = ','.join(f'DNS:{host}' for host in hosts)
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj',
                        f'/CN={hosts[0]}', '-addext', f'subjectAltName={names}', '-keyout', key, '-out',
                        self.certificate], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        return context

    def close(self):
        self._server.shutdown()
        self._server.server_close()
