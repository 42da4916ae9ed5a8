"""The one place that listens: on this machine's own address, for a browser of this machine, and nowhere else."""

import logging
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import ServeError

if TYPE_CHECKING:
    from flask import Flask

ADDRESS = "127.0.0.1"
LARGEST_REQUEST = 64 * 1024
_THREADS = 4


def listen(port: int) -> socket.socket:
    """A socket on this machine's own address; 0 takes any free port. ServeError when the port cannot be had."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((ADDRESS, port))
        opened.listen()
    except OSError as problem:
        opened.close()
        remedy = (
            "Another program has it: end that one, choose another with --port, or --port 0 for any free one."
        )
        raise ServeError("the port cannot be used", where=f"{ADDRESS}:{port}", remedy=remedy) from problem
    return opened


def answer(opened: socket.socket, app: "Flask | Callable[..., Any]") -> None:
    """Answer requests with `app` until Ctrl-C."""
    from waitress import create_server

    logging.getLogger("waitress").setLevel(logging.CRITICAL)  # it would print what a request held
    server = create_server(
        app, sockets=[opened], threads=_THREADS, ident="", max_request_body_size=LARGEST_REQUEST
    )
    try:
        server.run()  # ends by itself on Ctrl-C
    finally:
        server.close()


def file_below(folder: Path, name: str) -> Path | None:
    """The file of that name in a folder or below it; None when there is none, or when it leads out of the folder."""
    try:
        root, found = folder.resolve(), (folder / name).resolve()
        return found if found.is_relative_to(root) and found.is_file() else None
    except (OSError, ValueError, RuntimeError):  # a name that no file can have, links that lead to themselves
        return None
