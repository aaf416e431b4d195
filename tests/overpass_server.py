"""An Overpass of our own for tests: prepared replies over HTTP on 127.0.0.1."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs


@contextmanager
def overpass(*replies: tuple[int, bytes]):
    """Serve these replies one after the other, the last one for good; a short body is cut off."""
    asked, waiting = [], list(replies)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            question = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append((self.path, parse_qs(question)))
            status, body = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            self.send_response(status)
            cut = body.endswith(b"CUT")
            self.send_header("Content-Length", str(len(body) + 50 * cut))
            self.end_headers()
            self.wfile.write(body.removesuffix(b"CUT"))

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/interpreter", asked
    finally:
        server.shutdown()
        server.server_close()
