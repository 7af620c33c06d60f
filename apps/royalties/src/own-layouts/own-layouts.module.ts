import { Module } from '@nestjs/common';
import { OwnLayoutsHandler } from './own-layouts.handler.js';
import { OwnLayoutsService } from './own-layouts.service.js';

@Module({ controllers: [OwnLayoutsHandler], providers: [OwnLayoutsService] })
export class OwnLayoutsModule {}
