import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// Nest's OpenAPI module brings Swagger UI along; nothing is loaded from elsewhere.
const fromNest = createRequire(import.meta.resolve('@nestjs/swagger'));
const folder = dirname(fromNest.resolve('swagger-ui-dist/package.json'));

const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Countinghouse API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" href="/docs/favicon-32x32.png">
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
`;

const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });\n`;

const files: Record<string, { type: string; content: () => string | Promise<Buffer> }> = {
  'index.html': { type: 'text/html; charset=utf-8', content: () => html },
  'start.js': { type: 'text/javascript; charset=utf-8', content: () => start },
  'swagger-ui.css': { type: 'text/css; charset=utf-8', content: () => readFile(join(folder, 'swagger-ui.css')) },
  'swagger-ui-bundle.js': {
    type: 'text/javascript; charset=utf-8',
    content: () => readFile(join(folder, 'swagger-ui-bundle.js')),
  },
  'favicon-32x32.png': { type: 'image/png', content: () => readFile(join(folder, 'favicon-32x32.png')) },
};

/** The page may run what it brings and ask this gateway, nothing else. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/** One file of the browsable API pages, with the headers it needs. */
export async function swaggerUiFile(name: string) {
  const file = Object.hasOwn(files, name) ? files[name] : undefined;
  if (!file) return null;
  const headers = { 'content-type': file.type, 'content-security-policy': policy, 'cache-control': 'no-cache' };
  return { headers, content: await file.content() };
}
