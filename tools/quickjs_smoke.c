/* SPDX-License-Identifier: MIT */
/* Asks a build of quickjs-ng whether it still has and does what isopod relies on. The build runs it
   once after each change of the engine, because the engine's sources are not pinned to one version.
   It prints nothing and exits 0 when all is well, and names the first thing that is not. */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quickjs.h"

#if QJS_VERSION_MAJOR != 0 || QJS_VERSION_MINOR < 17
#error "isopod needs quickjs-ng 0.x from 0.17 on"
#endif

#define NEED(condition, what)                                        \
  do {                                                               \
    if (!(condition)) {                                              \
      fprintf(stderr, "quickjs-ng %s: %s\n", JS_GetVersion(), what); \
      exit(1);                                                       \
    }                                                                \
  } while (0)

/* --- An allocator of our own; each block carries its size. --- */

static size_t live_blocks;

union header {
  size_t size;
  max_align_t align;
};

static void* smoke_malloc(void* opaque, size_t size) {
  union header* block = malloc(sizeof *block + size);
  (void)opaque;
  if (!block) return NULL;
  block->size = size;
  live_blocks++;
  return block + 1;
}

static void* smoke_calloc(void* opaque, size_t count, size_t size) {
  void* block = smoke_malloc(opaque, count * size);
  return block ? memset(block, 0, count * size) : NULL;
}

static void smoke_free(void* opaque, void* pointer) {
  (void)opaque;
  if (!pointer) return;
  live_blocks--;
  free((union header*)pointer - 1);
}

static size_t smoke_usable_size(const void* pointer) {
  return pointer ? ((const union header*)pointer - 1)->size : 0;
}

static void* smoke_realloc(void* opaque, void* pointer, size_t size) {
  size_t old = smoke_usable_size(pointer);
  void* block = smoke_malloc(opaque, size);
  if (!block) return NULL;
  if (pointer) memcpy(block, pointer, old < size ? old : size);
  smoke_free(opaque, pointer);
  return block;
}

static const JSMallocFunctions smoke_functions = {smoke_calloc, smoke_malloc, smoke_free,
                                                  smoke_realloc, smoke_usable_size};

/* --- Helpers --- */

static void run_jobs(JSRuntime* runtime) {
  JSContext* context;
  int status;
  while ((status = JS_ExecutePendingJob(runtime, &context)) > 0) {
  }
  NEED(status == 0, "a pending job failed");
}

static int32_t global_number(JSContext* context, const char* name) {
  JSValue global = JS_GetGlobalObject(context);
  JSValue value = JS_GetPropertyStr(context, global, name);
  int32_t number = -1;
  NEED(JS_ToInt32(context, &number, value) == 0, "a global is not a number");
  JS_FreeValue(context, value);
  JS_FreeValue(context, global);
  return number;
}

static JSValue eval(JSContext* context, const char* source, int flags) {
  return JS_Eval(context, source, strlen(source), "smoke.js", flags);
}

/* --- Modules: compiled, written as bytecode, read in another context, resolved through our loader.
 * --- */

static JSModuleDef* load_module(JSContext* context, const char* name, void* opaque) {
  static const char source[] = "export const base = 40;";
  JSValue compiled = JS_Eval(context, source, strlen(source), name,
                             JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
  JSModuleDef* module;
  NEED(!JS_IsException(compiled), "the loader could not compile a module");
  module = JS_VALUE_GET_PTR(compiled);
  JS_FreeValue(context, compiled);
  ++*(int*)opaque;
  return module;
}

static char* normalize_module(JSContext* context, const char* base, const char* name,
                              void* opaque) {
  (void)base;
  (void)opaque;
  return js_strdup(context, name);
}

static uint8_t* compile_module(JSContext* context, size_t* size) {
  JSValue compiled = eval(context,
                          "import { base } from 'base';\n"
                          "await null;\n"
                          "globalThis.answer = base + 2;\n"
                          "export const answer = base + 2;",
                          JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
  uint8_t* bytecode;
  NEED(!JS_IsException(compiled) && JS_VALUE_GET_TAG(compiled) == JS_TAG_MODULE,
       "a module does not compile");
  bytecode = JS_WriteObject(context, size, compiled, JS_WRITE_OBJ_BYTECODE);
  NEED(bytecode && *size > 0, "a module does not turn into bytecode");
  JS_FreeValue(context, compiled);
  return bytecode;
}

static void run_bytecode(JSContext* context, const uint8_t* bytecode, size_t size) {
  JSValue module = JS_ReadObject(context, bytecode, size, JS_READ_OBJ_BYTECODE);
  JSModuleDef* definition;
  JSValue promise, space, answer;
  int32_t number = 0;
  NEED(!JS_IsException(module), "bytecode cannot be read back");
  NEED(JS_ResolveModule(context, module) == 0, "a module of bytecode does not resolve");
  definition = JS_VALUE_GET_PTR(module);
  promise = JS_EvalFunction(context, module);
  run_jobs(JS_GetRuntime(context));
  NEED(JS_PromiseState(context, promise) == JS_PROMISE_FULFILLED,
       "the promise of a module is not fulfilled");
  space = JS_GetModuleNamespace(context, definition);
  answer = JS_GetPropertyStr(context, space, "answer");
  NEED(JS_ToInt32(context, &number, answer) == 0 && number == 42,
       "a module of bytecode exports a wrong value");
  NEED(global_number(context, "answer") == 42, "a module of bytecode computes a wrong value");
  JS_FreeValue(context, answer);
  JS_FreeValue(context, space);
  JS_FreeValue(context, promise);
}

static void check_modules(JSRuntime* runtime) {
  int loads = 0;
  size_t size = 0;
  uint8_t* bytecode;
  JSContext *writer = JS_NewContext(runtime), *reader = JS_NewContext(runtime);
  JS_SetModuleLoaderFunc(runtime, normalize_module, load_module, &loads);
  bytecode = compile_module(writer, &size);
  run_bytecode(reader, bytecode, size);
  NEED(loads == 2, "the module loader is not called once for each context");
  js_free(writer, bytecode);
  JS_FreeContext(reader);
  JS_FreeContext(writer);
}

/* --- Interruption, rejections, limits --- */

static int count_and_stop(JSRuntime* runtime, void* opaque) {
  (void)runtime;
  return ++*(int*)opaque >= 3;
}

static void check_interrupt(JSRuntime* runtime) {
  int calls = 0;
  JSContext* context = JS_NewContext(runtime);
  JSValue result, error;
  JS_SetInterruptHandler(runtime, count_and_stop, &calls);
  result =
      eval(context, "try { for (;;) {} } catch { globalThis.caught = 1; }", JS_EVAL_TYPE_GLOBAL);
  NEED(JS_IsException(result) && calls >= 3, "the interrupt handler does not stop an endless loop");
  error = JS_GetException(context);
  NEED(JS_IsUncatchableError(error), "an interrupted script could catch the interruption");
  JS_FreeValue(context, error);
  JS_SetInterruptHandler(runtime, NULL, NULL);
  JS_FreeContext(context);
}

static void track_rejection(JSContext* context, JSValueConst promise, JSValueConst reason,
                            bool is_handled, void* opaque) {
  (void)context;
  (void)promise;
  (void)reason;
  *(int*)opaque += is_handled ? 100 : 1;
}

static void check_rejections(JSRuntime* runtime) {
  int score = 0;
  JSContext* context = JS_NewContext(runtime);
  JS_SetHostPromiseRejectionTracker(runtime, track_rejection, &score);
  JS_FreeValue(context,
               eval(context, "globalThis.late = Promise.reject(1); 0", JS_EVAL_TYPE_GLOBAL));
  run_jobs(runtime);
  NEED(score == 1, "the rejection tracker does not report an unhandled rejection");
  JS_FreeValue(context, eval(context, "late.catch(() => 0); 0", JS_EVAL_TYPE_GLOBAL));
  run_jobs(runtime);
  NEED(score == 101, "the rejection tracker does not report a rejection that is handled late");
  JS_SetHostPromiseRejectionTracker(runtime, NULL, NULL);
  JS_FreeContext(context);
}

static void check_limits(JSRuntime* runtime) {
  JSContext* context = JS_NewContext(runtime);
  JSValue result;
  JS_SetMaxStackSize(runtime, 256 * 1024);
  result = eval(context, "(function f() { return f() + 1; })()", JS_EVAL_TYPE_GLOBAL);
  NEED(JS_IsException(result), "endless recursion does not end");
  JS_FreeValue(context, JS_GetException(context));
  JS_SetMemoryLimit(runtime, 16 * 1024 * 1024);
  result = eval(context, "const a = []; for (;;) a.push(new Array(1000).fill({}));",
                JS_EVAL_TYPE_GLOBAL);
  NEED(JS_IsException(result), "the memory limit does not hold");
  JS_FreeValue(context, JS_GetException(context));
  JS_SetMemoryLimit(runtime, (size_t)-1);
  JS_FreeContext(context);
}

/* --- A runtime that moves to another thread --- */

static void* run_elsewhere(void* argument) {
  JSContext* context = argument;
  JSValue result;
  JS_UpdateStackTop(JS_GetRuntime(context));
  result =
      eval(context, "globalThis.moved = [1, 2, 3].map(x => x * 7).at(-1); 0", JS_EVAL_TYPE_GLOBAL);
  NEED(!JS_IsException(result), "a runtime does not run on a second thread");
  JS_FreeValue(context, result);
  return NULL;
}

static void check_threads(JSRuntime* runtime) {
  JSContext* context = JS_NewContext(runtime);
  pthread_t thread;
  NEED(pthread_create(&thread, NULL, run_elsewhere, context) == 0, "no thread could be made");
  pthread_join(thread, NULL);
  JS_UpdateStackTop(runtime);
  NEED(global_number(context, "moved") == 21,
       "a runtime computes a wrong value on a second thread");
  JS_FreeContext(context);
}

int main(void) {
  JSRuntime* runtime = JS_NewRuntime2(&smoke_functions, NULL);
  NEED(runtime && live_blocks > 0, "JS_NewRuntime2 does not use the allocator that it is given");
  check_modules(runtime);
  check_interrupt(runtime);
  check_rejections(runtime);
  check_limits(runtime);
  check_threads(runtime);
  JS_FreeRuntime(runtime);
  NEED(live_blocks == 0, "JS_FreeRuntime leaves memory behind");
  return 0;
}
