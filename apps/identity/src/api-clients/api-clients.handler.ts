import {
  type ApiClient,
  type ApiClientCreated,
  ApiClientId,
  type Call,
  ClientCredentials,
  type ClientToken,
  CreateApiClient,
  identity,
  type Nothing,
} from '@countinghouse/contracts';
import { Answers, requireRole } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ApiClientsService } from './api-clients.service.js';

@Controller()
export class ApiClientsHandler {
  constructor(private readonly clients: ApiClientsService) {}

  @Answers(identity.createApiClient)
  create(@Payload() request: CreateApiClient, @Ctx() call: Call): Promise<ApiClientCreated> {
    requireRole(call, 'admin');
    return this.clients.create(call, request);
  }

  @Answers(identity.listApiClients)
  list(@Payload() _: Nothing, @Ctx() call: Call): Promise<ApiClient[]> {
    requireRole(call, 'admin');
    return this.clients.list(call);
  }

  @Answers(identity.deleteApiClient)
  delete(@Payload() { client_id }: ApiClientId, @Ctx() call: Call): Promise<null> {
    requireRole(call, 'admin');
    return this.clients.delete(call, client_id);
  }

  @Answers(identity.clientToken)
  token(@Payload() request: ClientCredentials): Promise<ClientToken> {
    return this.clients.token(request);
  }
}
