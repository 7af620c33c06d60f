import { DomainError } from '@countinghouse/contracts';

/** One answer to every failed login, so that it says nothing about what was right. */
export const invalidCredentials = () => new DomainError('unauthorized', 'Invalid credentials');
