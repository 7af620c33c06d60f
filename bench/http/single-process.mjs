// Peer: Nest on Fastify that reads PostgreSQL itself, in one process, without a hop, a token or a tenant wall.
import 'reflect-metadata';
import { Controller, Get, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Pool } from 'pg';

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

class UserController {
  async get(id) {
    const { rows } = await pool.query({
      name: 'person',
      text: 'SELECT id, email, "firstName", "lastName", tenant_id AS "tenantId", roles FROM bench.person WHERE tenant_id = $1 AND id = $2',
      values: [1, id],
    });
    return { ...rows[0], fullName: `${rows[0].firstName} ${rows[0].lastName}` };
  }
}
Get(':id')(UserController.prototype, 'get', Object.getOwnPropertyDescriptor(UserController.prototype, 'get'));
Param('id')(UserController.prototype, 'get', 0);
Controller('user')(UserController);
class AppModule {}
Module({ controllers: [UserController] })(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
await app.listen(Number(process.env.PORT), '127.0.0.1');
process.send('ready');
