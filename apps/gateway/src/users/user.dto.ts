import { UpdateUser } from '@countinghouse/contracts';
import { OmitType } from '@nestjs/swagger';

/** What is given changes; `null` takes a password, `resellerId` or `clientIds` away. */
export class UserChanges extends OmitType(UpdateUser, ['id'] as const) {}
