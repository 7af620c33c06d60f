// Peer: Nest's own NATS client behind Fastify.
import 'reflect-metadata';
import { Controller, Get, Inject, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';

const { NATS_SERVER: server, NATS_USER: user, NATS_PASS: pass } = process.env;

class UserController {
  constructor(client) {
    this.client = client;
  }
  get(id) {
    return this.client.send('user.get', { id });
  }
}
Get(':id')(UserController.prototype, 'get', Object.getOwnPropertyDescriptor(UserController.prototype, 'get'));
Param('id')(UserController.prototype, 'get', 0);
Inject('USERS')(UserController, undefined, 0);
Controller('user')(UserController);
class AppModule {}
Module({
  imports: [
    ClientsModule.register([{ name: 'USERS', transport: Transport.NATS, options: { servers: [server], user, pass } }]),
  ],
  controllers: [UserController],
})(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
await app.listen(Number(process.env.PORT), '127.0.0.1');
process.send('ready');
