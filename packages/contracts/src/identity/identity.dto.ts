import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsISO4217CurrencyCode,
  IsISO8601,
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
import { Amount, Exact, Page, Paging } from '../fields.js';

/** Roles that an admin may give; the platform admin is made at the first start. */
export const grantableRoles: Role[] = roles.filter((role) => role !== 'platform_admin');

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
  @Type(() => Number)
  @IsInt()
  @Min(0)
  tenantId?: number;

  /** The caller's address, filled in by the gateway for throttling. */
  @IsOptional()
  @IsString()
  address?: string;
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

/** What a user or a machine client may see besides their roles. */
class Bounds {
  /** The reseller that roles `reseller` and `reseller_admin` are bound to. */
  @IsOptional()
  @IsInt()
  @Min(1)
  resellerId?: number;

  /** The lending clients that role `merchant` is bound to. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  clientIds?: string[];
}

class Grant extends Bounds {
  /** @example ["member"] */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @ArrayMaxSize(roles.length)
  @IsIn(grantableRoles, { each: true })
  roles: Role[];
}

export class CreateUser extends Grant {
  /** @example "ada@label.example" */
  @IsEmail()
  @MaxLength(254)
  email: string;

  /** @example "Ada" */
  @IsString()
  @Length(1, 100)
  firstName: string;

  /** @example "Lovelace" */
  @IsString()
  @Length(1, 100)
  lastName: string;

  /** At least 10 characters. Without it the user cannot log in until an admin sets one. */
  @IsOptional()
  @IsString()
  @MinLength(10)
  @MaxLength(200)
  password?: string;
}

export class UpdateUser extends Bounds {
  @IsUUID()
  id: string;

  @IsOptional()
  @IsEmail()
  @MaxLength(254)
  email?: string;

  @IsOptional()
  @IsString()
  @Length(1, 100)
  firstName?: string;

  @IsOptional()
  @IsString()
  @Length(1, 100)
  lastName?: string;

  @IsOptional()
  @IsString()
  @MinLength(10)
  @MaxLength(200)
  password?: string;

  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(grantableRoles, { each: true })
  roles?: Role[];
}

export class UserId {
  @IsUUID()
  id: string;
}

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
  resellerId?: number;
  clientIds?: string[];
}

export class UserPage extends Page {
  items: User[];
}

export class FirstAdmin {
  @IsEmail()
  @MaxLength(254)
  email: string;

  @IsString()
  @MinLength(10)
  @MaxLength(200)
  password: string;

  @IsString()
  @Length(1, 100)
  firstName: string;

  @IsString()
  @Length(1, 100)
  lastName: string;
}

export class CreateTenant {
  /** @example "Northern Lights Distribution" */
  @IsString()
  @Length(1, 200)
  name: string;

  /** ISO 4217; fixed for good. @example "EUR" */
  @IsISO4217CurrencyCode()
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be an ISO 4217 code in upper case, such as EUR' })
  currency: string;

  /** IANA time zone that decides which day an instant belongs to. @example "Europe/Berlin" */
  @IsTimeZone()
  timeZone: string;

  @ValidateNested()
  @Type(() => FirstAdmin)
  admin: FirstAdmin;
}

export class AutoRevenue {
  @IsOptional()
  @IsBoolean()
  royalties?: boolean;

  @IsOptional()
  @IsBoolean()
  telecom?: boolean;

  @IsOptional()
  @IsBoolean()
  lending?: boolean;
}

export class TenantId {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  id: number;
}

export class UpdateTenant extends TenantId {
  @IsOptional()
  @IsString()
  @Length(1, 200)
  name?: string;

  @IsOptional()
  @IsTimeZone()
  timeZone?: string;

  /** Language of documents for people, BCP 47. @example "en" */
  @IsOptional()
  @Matches(/^[a-z]{2}(-[A-Z]{2})?$/, { message: 'language must be a language tag such as en or de-AT' })
  language?: string;

  /** Percent. @example "25" */
  @IsOptional()
  @Amount({ decimals: 4, min: '0', max: '100' })
  vatRate?: string;

  /** Which services' facts book a revenue in accounting. */
  @IsOptional()
  @ValidateNested()
  @Type(() => AutoRevenue)
  autoRevenue?: AutoRevenue;

  /** A statement with more rejected lines than this percentage fails whole. @example "5" */
  @IsOptional()
  @Amount({ decimals: 4, min: '0', max: '100' })
  maxRejectedPercent?: string;
}

export class Tenant {
  /** @example 1 */
  id: number;
  /** @example "Northern Lights Distribution" */
  name: string;
  /** @example "EUR" */
  currency: string;
  /** @example "Europe/Berlin" */
  timeZone: string;
  /** @example "en" */
  language: string;
  @Exact('25')
  vatRate: string;
  autoRevenue: Required<AutoRevenue>;
  @Exact('5')
  maxRejectedPercent: string;
}

export class CreateApiClient extends Grant {
  /** @example "Month-end import" */
  @IsString()
  @Length(1, 200)
  name: string;

  /** After this instant no new tokens are given. */
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  expiresAt?: string;
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

export class ApiClient extends Bounds {
  client_id: string;
  name: string;
  roles: Role[];
  expiresAt?: string;
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
