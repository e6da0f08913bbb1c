// The Node library `ws` used plainly: parse, build the event once, send it to each of the room; no database.
// The first frame of a connection names its room. Prints its port.
import { WebSocketServer } from "ws";

const rooms = new Map();
let numbers = 0;

function join(socket, command) {
  if (!rooms.has(command.room)) rooms.set(command.room, new Set());
  const room = rooms.get(command.room);
  room.add(socket);
  socket.on("close", () => room.delete(socket));
  socket.room = room;
  socket.sender = command.device;
  socket.send(JSON.stringify({ re: command.id, ok: {} }));
}

function send(socket, command) {
  const number = ++numbers;
  const at = Date.now();
  const { room, body, client_id } = command;
  const message = { seq: number, version: number, sender: socket.sender, at, body, client_id };
  const event = JSON.stringify({ ev: "message.new", room, version: number, message });
  for (const member of socket.room) member.send(event);
  socket.send(JSON.stringify({ re: command.id, ok: { seq: number, version: number, at, room } }));
}

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, backlog: 4096, perMessageDeflate: false });
server.on("connection", (socket) => {
  socket.on("message", (data) => {
    const command = JSON.parse(data);
    if (command.cmd === "hello") join(socket, command);
    else send(socket, command);
  });
});
server.on("listening", () => console.log(server.address().port));
