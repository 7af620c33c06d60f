// Peer: Nest's own NATS transport and TypeORM's findOne, as its documentation has them.
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { DataSource, EntitySchema } from 'typeorm';

const Person = new EntitySchema({
  name: 'person',
  schema: 'bench',
  columns: {
    tenantId: { type: 'integer', name: 'tenant_id', primary: true },
    id: { type: 'uuid', primary: true },
    email: { type: 'text' },
    firstName: { type: 'text' },
    lastName: { type: 'text' },
    roles: { type: 'text', array: true },
  },
});
const dataSource = await new DataSource({
  type: 'postgres',
  url: process.env.DATABASE_URL,
  entities: [Person],
  poolSize: 10,
}).initialize();
const people = dataSource.getRepository(Person);

class UserHandler {
  async get({ id }) {
    const person = await people.findOne({ where: { tenantId: 1, id } });
    return { ...person, fullName: `${person.firstName} ${person.lastName}` };
  }
}
MessagePattern('user.get')(UserHandler.prototype, 'get', Object.getOwnPropertyDescriptor(UserHandler.prototype, 'get'));
Payload()(UserHandler.prototype, 'get', 0);
Controller()(UserHandler);
class AppModule {}
Module({ controllers: [UserHandler] })(AppModule);

const { NATS_SERVER: server, NATS_USER: user, NATS_PASS: pass } = process.env;
const app = await NestFactory.createMicroservice(AppModule, {
  transport: Transport.NATS,
  options: { servers: [server], user, pass, queue: 'bench' },
  logger: false,
});
await app.listen();
process.send('ready');
