import { Module } from '@nestjs/common';
import { ApiClientsHandler } from './api-clients.handler.js';
import { ApiClientsService } from './api-clients.service.js';

@Module({ controllers: [ApiClientsHandler], providers: [ApiClientsService] })
export class ApiClientsModule {}
