import { ApiProperty, IntersectionType, PartialType } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  IsTimeZone,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { type Role, roles } from '../call.js';
import { Exact } from '../exact.js';
import { Amount, Currency, IfGiven, instantPattern, NumberInText } from '../fields.js';
import { Page, Paging } from '../paging.dto.js';

/** Roles that an admin may give; the platform admin is made at the first start. */
export const grantableRoles: Role[] = roles.filter((role) => role !== 'platform_admin');

/** Languages of documents for people. */
export const languages = ['da', 'en'] as const;

const notBlank = { message: '$property must not be blank' };
const lowerCase = ({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value);
const lowerCaseEach = ({ value }: { value: unknown }) =>
  Array.isArray(value) ? value.map((each: unknown) => lowerCase({ value: each })) : value;

export class Login {
  /** @example "admin@demo.example" */
  @IsEmail()
  @MaxLength(254)
  email: string;

  /** @example "a-long-password" */
  @IsString()
  @Length(1, 200)
  password: string;

  /** Needed only when the e-mail and password fit several tenants. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(2_147_483_647)
  tenantId?: number;
}

export class RefreshToken {
  @IsString()
  @Length(1, 500)
  refresh_token: string;
}

export class Tokens {
  /** JWT (RFC 9068), to be sent as `Authorization: Bearer …`. */
  access_token: string;
  /** @example "Bearer" */
  token_type: string;
  /** Seconds. @example 900 */
  expires_in: number;
  refresh_token: string;
}

export class ClientCredentials {
  @IsIn(['client_credentials'], { message: 'grant_type must be client_credentials' })
  grant_type: string;

  @IsString()
  @Length(1, 200)
  client_id: string;

  @IsString()
  @Length(1, 200)
  client_secret: string;
}

export class ClientToken {
  access_token: string;
  /** @example "Bearer" */
  token_type: string;
  /** Seconds. @example 900 */
  expires_in: number;
}

export class JsonWebKeySet {
  keys: Record<string, unknown>[];
}

/** What a user or a machine client may do, and what those roles are bound to. */
class Grant {
  /** @example ["member"] */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @ArrayMaxSize(roles.length)
  @IsIn(grantableRoles, { each: true })
  roles: Role[];

  /**
   * The telecom reseller that roles `reseller` and `reseller_admin` are bound to; they cannot be without one.
   * @example "1234567890abcdef12345678"
   */
  @IsOptional()
  @Transform(lowerCase)
  @Matches(/^[0-9a-f]{24}$/, { message: 'resellerId must be 24 hexadecimal characters' })
  resellerId?: string | null;

  /** The lending clients that role `merchant` is bound to; it cannot be without one. As many as fit into a token. */
  @IsOptional()
  @Transform(lowerCaseEach)
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @ArrayMaxSize(100)
  @Matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, { each: true, message: 'each of clientIds must be a UUID' })
  clientIds?: string[] | null;
}

class Person {
  /** @example "ada@label.example" */
  @IsEmail()
  @MaxLength(254)
  email: string;

  /** @example "Ada" */
  @IsString()
  @MaxLength(100)
  @Matches(/\S/, notBlank)
  firstName: string;

  /** @example "Lovelace" */
  @IsString()
  @MaxLength(100)
  @Matches(/\S/, notBlank)
  lastName: string;
}

export class CreateUser extends IntersectionType(Person, Grant) {
  /** At least 10 characters. Without one the user cannot log in until an admin sets it. */
  @IsOptional()
  @IsString()
  @MinLength(10)
  @MaxLength(200)
  password?: string | null;
}

export class UserId {
  @IsUUID()
  id: string;
}

/** What is given changes; `null` takes a password, `resellerId` or `clientIds` away. */
export class UpdateUser extends IntersectionType(UserId, PartialType(CreateUser, { skipNullProperties: false })) {}

export class ListUsers extends Paging {
  /** Part of a name or e-mail address, in any case. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;
}

export class User {
  id: string;
  /** @example "ada@label.example" */
  email: string;
  /** @example "Ada" */
  firstName: string;
  /** @example "Lovelace" */
  lastName: string;
  /** @example "Ada Lovelace" */
  fullName: string;
  /** 0 for the platform admin. @example 1 */
  tenantId: number;
  /** @example ["member"] */
  roles: Role[];
  /** @example "1234567890abcdef12345678" */
  resellerId?: string;
  clientIds?: string[];
}

export class UserPage extends Page {
  items: User[];
}

export class FirstAdmin extends Person {
  @IsString()
  @MinLength(10)
  @MaxLength(200)
  password: string;
}

/** The settings of a tenant that can be changed later. */
class TenantSettings {
  /** @example "Northern Lights Distribution" */
  @IsString()
  @MaxLength(200)
  @Matches(/\S/, notBlank)
  name: string;

  /** IANA time zone that decides which day an instant belongs to. @example "Europe/Copenhagen" */
  @IsTimeZone()
  @Matches(/^[A-Z]/, { message: 'timeZone must be an IANA time zone such as Europe/Copenhagen' })
  timeZone: string;

  /** Language of documents for people, where a request names none; `da` unless set. @example "en" */
  @IfGiven()
  @IsIn(languages)
  language?: (typeof languages)[number];

  /** Fraction, not percent: 0.25 is 25 %, which is also the default. @example "0.25" */
  @IfGiven()
  @Amount({ decimals: 4, min: '0', max: '1' })
  vatRate?: string;
}

export class CreateTenant extends TenantSettings {
  /** ISO 4217; fixed for good. @example "EUR" */
  @Currency()
  currency: string;

  @IsObject()
  @ValidateNested()
  @Type(() => FirstAdmin)
  admin: FirstAdmin;
}

export class AutoRevenue {
  @IfGiven()
  @IsBoolean()
  royalties?: boolean;

  @IfGiven()
  @IsBoolean()
  telecom?: boolean;

  @IfGiven()
  @IsBoolean()
  lending?: boolean;
}

export class TenantId {
  @NumberInText()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  id: number;
}

class ChangeableTenantSettings extends TenantSettings {
  /** Which services' facts book a revenue in accounting. */
  @IsObject()
  @ValidateNested()
  @Type(() => AutoRevenue)
  autoRevenue: AutoRevenue;

  /** A statement with more rejected lines than this percentage fails whole. @example "5" */
  @Amount({ decimals: 4, min: '0', max: '100' })
  maxRejectedPercent: string;
}

/** What is given changes; the rest of `autoRevenue` too stays as it was. */
export class UpdateTenant extends IntersectionType(
  TenantId,
  PartialType(ChangeableTenantSettings, { skipNullProperties: false }),
) {}

export class Tenant {
  /** @example 1 */
  id: number;
  /** @example "Northern Lights Distribution" */
  name: string;
  /** @example "EUR" */
  currency: string;
  /** @example "Europe/Copenhagen" */
  timeZone: string;
  /** @example "en" */
  language: (typeof languages)[number];
  /** Fraction: 0.25 is 25 %. */
  @Exact('0.25')
  vatRate: string;
  @ApiProperty({ type: () => AutoRevenue })
  autoRevenue: Required<AutoRevenue>;
  @Exact('5')
  maxRejectedPercent: string;
}

export class CreateApiClient extends Grant {
  /** @example "Month-end import" */
  @IsString()
  @MaxLength(200)
  @Matches(/\S/, notBlank)
  name: string;

  /** After this instant no new tokens are given. @example "2030-12-31T23:59:59Z" */
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  @Matches(instantPattern, { message: 'expiresAt must be an instant with its offset, such as 2030-12-31T23:59:59Z' })
  expiresAt?: string | null;
}

export class ApiClientCreated {
  client_id: string;
  /** Shown this once. */
  client_secret?: string;
  /** For role `provider`: signs its events. Shown this once. */
  signing_secret?: string;
}

export class ApiClientId {
  @IsUUID()
  client_id: string;
}

export class ApiClient {
  client_id: string;
  /** @example "Month-end import" */
  name: string;
  /** @example ["provider"] */
  roles: Role[];
  /** @example "1234567890abcdef12345678" */
  resellerId?: string;
  clientIds?: string[];
  /** @example "2030-12-31T23:59:59.000Z" */
  expiresAt?: string;
  /** @example "2026-01-31T08:15:00.000Z" */
  createdAt: string;
}

/** A user as other services need to know them. */
export class UserChanged {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  roles: Role[];
  deleted: boolean;
  /** Grows with each change of this user, so that an older fact never overwrites a newer one. */
  version: number;
}

/** A tenant's settings as other services need to know them. */
export class TenantChanged extends Tenant {
  version: number;
}

export class FindUser extends UserId {
  @IsInt()
  @Min(0)
  tenantId: number;
}

/** As many as one answer has room for. */
export const maxUsersFound = 1000;

export class FindUsers {
  @IsInt()
  @Min(0)
  tenantId: number;

  @IsArray()
  @ArrayMaxSize(maxUsersFound)
  @IsUUID(undefined, { each: true })
  ids: string[];
}
