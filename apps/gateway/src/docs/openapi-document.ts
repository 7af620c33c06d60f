import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const description = `A back office for finance statements, exact to the last digit.

Amounts in answers are JSON numbers with their exact decimal digits; read them as text or with a decimal library where
every digit counts. Amounts in requests are decimal strings, or JSON numbers of at most 15 significant digits.

Send \`Idempotency-Key\` with a POST to be able to send it twice: it takes effect once, and the first answer is given
again for 30 days.`;

/** The API as an OpenAPI 3.1 document, from the declared routes and the messages of the services. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Countinghouse')
    .setDescription(description)
    .setVersion('0.1.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .addBasicAuth()
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory });
  mendTypes(document as { type?: unknown });
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path) as Operation[])) {
    allowDefaultsToBeLeftOut(operation);
    nameMultipartField(operation);
  }
  for (const { post } of Object.values(document.paths)) {
    if (post?.security?.some((scheme) => 'bearer' in scheme)) addIdempotencyKey(post);
  }
  return document;
}

/**
 * Numbers of ours are whole, or exact decimals that say so; TypeScript knows only numbers. And of a parameter that may
 * be one of several types, Nest also says the one that it has in the code.
 */
function mendTypes(schema: { type?: unknown }): void {
  if (schema.type === 'number' && !('format' in schema)) schema.type = 'integer';
  if ('oneOf' in schema) delete schema.type;
  for (const part of Object.values(schema)) {
    if (typeof part === 'object' && part !== null) mendTypes(part);
  }
}

/** A field with a default is always there for the service, and need not be sent. */
function allowDefaultsToBeLeftOut({ parameters = [] }: Operation): void {
  for (const parameter of parameters) {
    if ('schema' in parameter && parameter.schema && 'default' in parameter.schema) parameter.required = false;
  }
}

/** A file may also come as a field of a form, which Nest's decorators cannot say besides a plain body. */
function nameMultipartField({ requestBody }: Operation): void {
  const form = requestBody && 'content' in requestBody ? requestBody.content['multipart/form-data'] : undefined;
  if (form?.schema) form.schema = { type: 'object', required: ['file'], properties: { file: form.schema } };
}

/** `userCreate` of `UserController.create`: what the typed client calls its functions. */
const operationIdFactory = (controller: string, method: string): string => {
  const noun = controller.replace(/Controller$/, '');
  return `${noun.charAt(0).toLowerCase()}${noun.slice(1)}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
};

function addIdempotencyKey(operation: Operation): void {
  (operation.parameters ??= []).push({
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'The same key again gives the first answer again, with `Idempotency-Replayed: true`',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  });
}
