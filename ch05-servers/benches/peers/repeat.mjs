// Repeats a body, which is its argument: node alone, without a framework.

import { createServer } from "node:http";

const body = Buffer.from(process.argv[2]);
const head = {
  "content-type": "application/json",
  "content-length": body.length,
};
const server = createServer((request, response) => {
  response.writeHead(200, head).end(body);
});
server.listen({ host: "127.0.0.1", port: 0, backlog: 1024 }, () => {
  console.log(`listening on 127.0.0.1:${server.address().port}`);
});
