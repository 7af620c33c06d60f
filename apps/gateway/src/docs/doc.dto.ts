import { IsString, MaxLength } from 'class-validator';

export class PageFile {
  /** @example "swagger-ui.css" */
  @IsString()
  @MaxLength(100)
  file: string;
}
