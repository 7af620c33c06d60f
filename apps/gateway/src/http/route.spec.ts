import { describe, expect, it } from '@jest/globals';
import { Body, createParamDecorator, Query } from '@nestjs/common';
import { routeOf } from './route.js';

const declare = (...decorators: ParameterDecorator[]) => {
  class Controller {
    method(): void {}
  }
  decorators.forEach((decorate, index) => decorate(Controller.prototype, 'method', index));
  return routeOf({ roles: ['admin'] }, JSON.stringify, Controller.prototype, 'method');
};

describe('a route', () => {
  it('takes a body and a query when its method does', () => {
    expect(declare()).toMatchObject({ body: 'none', takesQuery: false });
    expect(declare(Body())).toMatchObject({ body: 'json', takesQuery: false });
    expect(declare(Query())).toMatchObject({ body: 'none', takesQuery: true });
    expect(declare(Query(), Body())).toMatchObject({ body: 'json', takesQuery: true });
  });

  it('takes neither for a decorator of our own, whatever random name Nest gives it', () => {
    for (let attempt = 0; attempt < 1000; attempt++) {
      const own = createParamDecorator(() => null)();
      expect(declare(own)).toMatchObject({ body: 'none', takesQuery: false });
    }
  });
});
