// SPDX-License-Identifier: MIT
// An error behind a transform tells the line of the author, which Node shows without source maps.
// prints ["9","21","25"]
enum Kind { First = 1,
  Second }
namespace Space {
  export const limit = 3;
  export function fail(): never {
    throw new Error("here " + limit);
  }
}
function mark(...all: any[]): any {}
@mark
class Thrower {
  @mark
  private field: number = 1;
  constructor(private readonly text: string, public other = Kind.Second) {
    this.field += 1;
  }
  @mark run() {
    throw new Error(this.text);
  }
}
const lines: (string | undefined)[] = [];
for (const work of [() => Space.fail(), () => new Thrower("x").run(), () => { null!.x; }]) {
  try { work(); } catch (error) { lines.push(/:(\d+):\d+\)?$/m.exec((error as Error).stack!)?.[1]); }
}
console.log(JSON.stringify(lines));
