export class Running {
  /** @example "ok" */
  status: 'ok';
}
