"""The same search on FastAPI and uvicorn, one process as aiohttp's."""

import asyncio
import socket
import sys
import unicodedata

sys.path.insert(0, "ch05-servers/src")
import uvicorn
from fastapi import FastAPI
from finder.twin import Index

app = FastAPI()
index = Index()


@app.get("/search")
async def search(q: str, start: int = 0, stop: int = 100):
    found = index.find(q)
    chars = [
        {"code": f"U+{ord(char):04X}", "char": char, "name": unicodedata.name(char)}
        for char in found[start:stop]
    ]
    stop = start + len(chars)
    return {"total": len(found), "start": start, "stop": stop, "chars": chars}


listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
host, port = listener.getsockname()
print(f"listening on {host}:{port}", flush=True)
config = uvicorn.Config(app, log_level="warning", access_log=False)
asyncio.run(uvicorn.Server(config).serve([listener]))
