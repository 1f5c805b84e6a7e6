"""A proxy on loopback that holds TLS before a plain server, as nginx does, and can be cut.

Debian 12's Orthanc ends at the first request of its own https, and dcmtk's wlmscpfs knows no TLS.
"""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from tests.archive.certificates import Identity

BYTES = 1 << 16
LOOPBACK = "127.0.0.1"
_TURNS_TO_CLOSE = 5  # of the loop: a socket under TLS is closed some callbacks after its abort


class TlsProxy:
    """Take TLS connections, and pass their bytes on to a port of loopback until `close`."""

    def __init__(self, target: int, identity: Identity, ca_file: Path | None = None) -> None:
        """Hold TLS with `identity`; with `ca_file`, ask for a certificate of that authority."""
        self.target = target
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(identity.certificate, identity.key)
        if ca_file is not None:
            self._tls.load_verify_locations(ca_file)
            self._tls.verify_mode = ssl.CERT_REQUIRED
        self._is_cut = False
        self.pause_s = 0.0  # before each piece that is passed on: a slow link
        self._serving: set[asyncio.Task[Any]] = set()
        self._loop = asyncio.SelectorEventLoop()  # it alone knows its transports, for `_end`
        self._loop.set_exception_handler(lambda *_: None)  # handshakes that fail are the tests'
        self._thread = threading.Thread(target=self._loop.run_forever, name="tls-proxy")
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._serve, LOOPBACK, 0, ssl=self._tls))
        self.port: int = self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """Break every connection, and each new one, until `mend`."""
        self._is_cut = True
        self._run(self._break_all())

    def mend(self) -> None:
        """Let connections through again."""
        self._is_cut = False

    def close(self) -> None:
        """End the proxy and its thread."""
        self.cut()
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, what: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result()

    async def _end(self) -> None:
        """Take no more connections, and close what is open, half-way through a handshake too."""
        self._server.close()
        for transport in list(self._loop._transports.values()):  # type: ignore[attr-defined]
            transport.abort()
        for _ in range(_TURNS_TO_CLOSE):
            await asyncio.sleep(0)

    async def _break_all(self) -> None:
        serving = list(self._serving)
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        ends = [writer]
        try:
            if self._is_cut:
                return
            inner_reader, inner = await asyncio.open_connection(LOOPBACK, self.target)
            ends.append(inner)
            pumps = [self._pump(reader, inner), self._pump(inner_reader, writer)]
            await asyncio.wait(
                [asyncio.ensure_future(one) for one in pumps],
                return_when=asyncio.FIRST_COMPLETED,
            )
        except OSError:
            pass
        finally:
            self._serving.discard(task)
            for end in ends:
                end.transport.abort() if self._is_cut else end.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass bytes on until one side ends."""
        with contextlib.suppress(OSError):
            while data := await reader.read(BYTES):
                if self.pause_s:
                    await asyncio.sleep(self.pause_s)
                writer.write(data)
                await writer.drain()
