// SPDX-License-Identifier: MIT
// Enums of every kind, as the keys and values of their objects.
enum Plain { A, B, C }
enum Started { A = 5, B, C = -2, D, E = 0x10, F }
enum Text { Yes = "yes", No = "no", "with-dash" = "dash", 'quoted"' = "q\n" }
enum Mixed { Number = 1, Text = "t", Last = 7 }
const seven = () => 7;
enum Computed { Shift = 1 << 3, After, Called = seven(), Sum = Shift + Called, Length = "abc".length }
enum Earlier { A = 1, B = A + 1, C = Earlier.B * 2, D = Plain.C + C, "e-f" = 9, G = Earlier["e-f"] }
enum Template { A = `a`, B = `${A}b`, C = A + "c", D = B }
enum Merged { A = 1, B = 2 }
enum Merged { C = A + B, D }
const enum Constant { X = 5, Y, Z = X | Y }
enum Empty {}
enum Shadow { Shadow = 1, inner = ((Shadow: number) => Shadow + 1)(40), A = [1, 2].map((inner) => inner)[1] }
enum Unusual { default = 1, class, $dollar, ünï, NaN_ = 3 }
declare enum Ambient { A }
export enum Exported { One = 1 }
function scoped(): unknown {
  enum Inner { A = 3, B }
  {
    enum Inner { Other = 1 }
    void Inner;
  }
  return Inner;
}
class Holder { static value = Plain.B; kind: Plain = Plain.C }
function name(value: Plain): string { return Plain[value]; }
console.log(JSON.stringify([
  Plain, Started, Text, Mixed, Computed, Earlier, Template, Merged, Constant.X, Constant.Z, Empty,
  Shadow, Unusual, Exported, scoped(), Holder.value, new Holder(), name(Plain.A), typeof Plain,
  Object.keys(Started),
]));
