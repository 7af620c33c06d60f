import {
  type Call,
  CreateUser,
  FindUser,
  FindUsers,
  identity,
  ListUsers,
  UpdateUser,
  type User,
  type UserChanged,
  UserId,
  type UserPage,
} from '@countinghouse/contracts';
import { Answers, requireRole } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { UsersService } from './users.service.js';

@Controller()
export class UsersHandler {
  constructor(private readonly users: UsersService) {}

  @Answers(identity.createUser)
  create(@Payload() request: CreateUser, @Ctx() call: Call): Promise<User> {
    requireRole(call, 'admin');
    return this.users.create(call, request);
  }

  @Answers(identity.getUser)
  get(@Payload() { id }: UserId, @Ctx() call: Call): Promise<User> {
    return this.users.get(call, id);
  }

  @Answers(identity.listUsers)
  list(@Payload() request: ListUsers, @Ctx() call: Call): Promise<UserPage> {
    requireRole(call, 'admin');
    return this.users.list(call, request);
  }

  @Answers(identity.updateUser)
  update(@Payload() request: UpdateUser, @Ctx() call: Call): Promise<User> {
    requireRole(call, 'admin');
    return this.users.update(call, request);
  }

  @Answers(identity.deleteUser)
  delete(@Payload() { id }: UserId, @Ctx() call: Call): Promise<null> {
    requireRole(call, 'admin');
    return this.users.delete(call, id);
  }

  @Answers(identity.findUser)
  find(@Payload() request: FindUser): Promise<UserChanged> {
    return this.users.findForServices(request);
  }

  @Answers(identity.findUsers)
  findAll(@Payload() request: FindUsers): Promise<UserChanged[]> {
    return this.users.findAllForServices(request);
  }
}
