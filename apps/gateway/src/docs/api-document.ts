import { type INestApplication, Injectable } from '@nestjs/common';
import { openApiDocument } from './openapi-document.js';

/** The API document of the running application, made when it is first asked for. */
@Injectable()
export class ApiDocument {
  private app?: INestApplication;
  private made?: string;

  of(app: INestApplication): void {
    this.app = app;
  }

  text(): string {
    if (!this.app) throw new Error('The application was not named');
    this.made ??= JSON.stringify(openApiDocument(this.app));
    return this.made;
  }
}
