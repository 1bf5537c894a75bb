// SPDX-License-Identifier: MIT
/** `util.parseArgs`: command line arguments by a description of the options. */
import { invalidType, nodeError } from "./node_errors";

interface Token {
  kind: "option" | "positional" | "option-terminator";
  index: number;
  name?: string;
  rawName?: string;
  value?: any;
  inlineValue?: boolean | undefined;
}

type Value = Pick<Token, "value" | "inlineValue">;

const isObject = (value: any): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function checkOptions(options: any): void {
  if (!isObject(options)) throw invalidType("options", "of type object", options);
  for (const [name, option] of Object.entries<any>(options)) {
    const label = `options.${name}`;
    if (!isObject(option)) throw invalidType(label, "of type object", option);
    if (option.type !== "string" && option.type !== "boolean")
      throw invalidType(`${label}.type`, "('string|boolean')", option.type);
    if (option.short !== undefined) {
      if (typeof option.short !== "string")
        throw invalidType(`${label}.short`, "of type string", option.short);
      if (option.short.length !== 1) {
        throw nodeError(TypeError, "ERR_INVALID_ARG_VALUE",
          `The property '${label}.short' must be a single character. Received '${option.short}'`);
      }
    }
    if (option.multiple !== undefined && typeof option.multiple !== "boolean")
      throw invalidType(`${label}.multiple`, "of type boolean", option.multiple);
  }
}

const byShort = (options: any, short: string): string =>
  Object.keys(options).find((name) => options[name].short === short) ?? short;

/** The arguments as they are read, before anybody asks whether they are right. */
class Reader {
  readonly tokens: Token[] = [];
  #args: string[];
  #next = 0;
  // Where in the arguments as given; a group of short options is one argument.
  #index = -1;
  #groupLeft = 0;

  constructor(args: string[], readonly options: any) { this.#args = [...args]; }

  run(): Token[] {
    while (this.#next < this.#args.length) {
      const arg = this.#args[this.#next++];
      if (this.#groupLeft > 0) this.#groupLeft--;
      else this.#index++;
      if (arg === "--") {
        this.tokens.push({ kind: "option-terminator", index: this.#index });
        while (this.#next < this.#args.length)
          this.#positional(++this.#index, this.#args[this.#next++]);
        return this.tokens;
      }
      if (/^-[^-]$/s.test(arg)) this.#short(arg);
      else if (/^-[^-]./s.test(arg)) this.#group(arg);
      else if (/^--./s.test(arg)) this.#long(arg);
      else this.#positional(this.#index, arg);
    }
    return this.tokens;
  }

  #positional(index: number, value: string): void {
    this.tokens.push({ kind: "positional", index, value });
  }

  /** The value that follows an option of type string. */
  #value(name: string): Value {
    const isText = this.options[name]?.type === "string";
    const isThere = isText && this.#next < this.#args.length;
    return isThere ? { value: this.#args[this.#next++], inlineValue: false }
      : { value: undefined, inlineValue: undefined };
  }

  #option(rawName: string, name: string, given: Value): void {
    this.tokens.push({ kind: "option", name, rawName, index: this.#index, ...given });
    if (given.inlineValue === false) this.#index++;
  }

  #short(arg: string): void {
    const name = byShort(this.options, arg[1]);
    this.#option(arg, name, this.#value(name));
  }

  #group(arg: string): void {
    const first = byShort(this.options, arg[1]);
    if (this.options[first]?.type === "string") {
      this.#option(`-${arg[1]}`, first, { value: arg.slice(2), inlineValue: true });
      return;
    }
    const expanded: string[] = [];
    for (let i = 1; i < arg.length; i++) {
      const name = byShort(this.options, arg[i]);
      if (this.options[name]?.type !== "string" || i === arg.length - 1) {
        expanded.push(`-${arg[i]}`);
      } else {
        expanded.push(`-${arg.slice(i)}`);
        break;
      }
    }
    this.#args.splice(this.#next, 0, ...expanded);
    this.#groupLeft = expanded.length;
  }

  #long(arg: string): void {
    const equals = arg.indexOf("=", 2);
    if (equals > 2) {
      const name = arg.slice(2, equals);
      this.#option(`--${name}`, name, { value: arg.slice(equals + 1), inlineValue: true });
    } else {
      const name = arg.slice(2);
      this.#option(arg, name, this.#value(name));
    }
  }
}

function wrongValue(message: string): Error {
  return nodeError(TypeError, "ERR_PARSE_ARGS_INVALID_OPTION_VALUE", message);
}

function checkToken(token: any, options: any, config: any): void {
  const { name, rawName, value } = token;
  const isNegative = config.allowNegative && rawName.startsWith("--no-") && value === undefined &&
    options[name.slice(3)]?.type === "boolean";
  if (isNegative) return;
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) {
    const hint = config.allowPositionals
      ? ". To specify a positional argument starting with a '-', place it at the end of the " +
        `command after '--', as in '-- ${JSON.stringify(rawName)}`
      : "";
    throw nodeError(
      TypeError, "ERR_PARSE_ARGS_UNKNOWN_OPTION", `Unknown option '${rawName}'${hint}`);
  }
  const shown = `${option.short ? `-${option.short}, ` : ""}--${name}`;
  if (option.type === "string" && typeof value !== "string")
    throw wrongValue(`Option '${shown} <value>' argument missing`);
  if (option.type === "boolean" && value !== undefined && value !== null)
    throw wrongValue(`Option '${shown}' does not take an argument`);
  if (token.inlineValue === false && value.length > 1 && value.startsWith("-")) {
    const example = rawName.startsWith("--") ? `'${rawName}=-XYZ'`
      : `'--${name}=-XYZ' or '${rawName}-XYZ'`;
    throw wrongValue(`Option '${rawName}' argument is ambiguous.\n` +
      `Did you forget to specify the option argument for '${rawName}'?\n` +
      `To specify an option argument starting with a dash use ${example}.`);
  }
}

function store(values: any, token: any, options: any, config: any): void {
  let { name, value } = token;
  if (name === "__proto__") return;
  if (config.allowNegative && name.startsWith("no-") && value === undefined) {
    name = name.slice(3);
    value = false;
  }
  const result = value ?? true;
  if (options[name]?.multiple) (values[name] ??= []).push(result);
  else values[name] = result;
}

export function parseArgs(given: any = {}): any {
  const options = given.options ?? {};
  const strict = given.strict ?? true;
  const config = {
    allowPositionals: given.allowPositionals ?? !strict,
    allowNegative: given.allowNegative ?? false,
  };
  const args = given.args ?? (globalThis as any).process.argv.slice(2);
  if (!Array.isArray(args)) throw invalidType("args", "an instance of Array", args);
  checkOptions(options);
  const tokens = new Reader(args, options).run();
  const values = Object.create(null);
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "option") {
      if (strict) checkToken(token, options, config);
      store(values, token, options, config);
    } else if (token.kind === "positional") {
      if (!config.allowPositionals) {
        throw nodeError(TypeError, "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL",
          `Unexpected argument '${token.value}'. This command does not take positional arguments`);
      }
      positionals.push(token.value);
    }
  }
  for (const [name, option] of Object.entries<any>(options)) {
    if (option.default !== undefined && values[name] === undefined) values[name] = option.default;
  }
  return given.tokens ? { values, positionals, tokens } : { values, positionals };
}
