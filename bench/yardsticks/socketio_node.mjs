// Node socket.io used plainly, over its WebSocket transport: rooms, an ack, no database. Prints its port.
// The room comes in the `auth` of the connection, so that one frame opens it.
import { createServer } from "node:http";
import { Server } from "socket.io";

const listener = createServer();
const server = new Server(listener, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });
let numbers = 0;

server.on("connection", (socket) => {
  const { room, device } = socket.handshake.auth;
  socket.join(room);
  socket.on("message.send", (command, answer) => {
    const number = ++numbers;
    const at = Date.now();
    const { body, client_id } = command;
    const message = { seq: number, version: number, sender: device, at, body, client_id };
    server.to(room).emit("message.new", { room, version: number, message });
    answer({ ok: { seq: number, version: number, at, room } });
  });
});
listener.listen({ host: "127.0.0.1", port: 0, backlog: 4096 }, () => console.log(listener.address().port));
