// The grammar of typed formulas: math.js's parser over node classes of our own.
//
// By path, because the package exports its parser only together with everything that it can evaluate (115 kB
// gzipped instead of 6). The nodes below build the tree that the rest of this folder reads, and nothing that
// math.js knows beyond them can be built: such a node refuses to be made. Nothing here can be run.

import { createParse } from "../../../../../node_modules/mathjs/lib/esm/expression/parse.js";

const OPERATORS = {
  add: "add",
  subtract: "sub",
  multiply: "mul",
  divide: "div",
  pow: "pow",
  unaryMinus: "neg",
  unaryPlus: "pos",
};

class Node {
  get isNode() {
    return true;
  }
}

class ConstantNode extends Node {
  isConstantNode = true;

  constructor(value) {
    super();
    if (typeof value !== "number") throw new SyntaxError("not a number");
    this.tree = ["num", String(value)];
  }
}

class SymbolNode extends Node {
  isSymbolNode = true;

  constructor(name) {
    super();
    this.name = name;
    this.tree = ["name", name];
  }
}

class ParenthesisNode extends Node {
  isParenthesisNode = true;

  constructor({ tree }) {
    super();
    this.tree = tree;
  }
}

class FunctionNode extends Node {
  isFunctionNode = true;

  constructor({ name }, args) {
    super();
    if (name === undefined || args.length !== 1) throw new SyntaxError("not a function of one number");
    this.tree = ["call", name, args[0].tree];
  }
}

class OperatorNode extends Node {
  isOperatorNode = true;

  constructor(op, fn, args) {
    super();
    if (!Object.hasOwn(OPERATORS, fn)) throw new SyntaxError("not an operator of arithmetic");
    this.op = op;
    this.fn = fn;
    this.args = args;
    this.tree = fn === "unaryPlus" ? args[0].tree : [OPERATORS[fn], ...args.map(({ tree }) => tree)];
  }
}

class Refused {
  constructor() {
    throw new SyntaxError("no part of a formula");
  }
}

const refused = Object.fromEntries(
  [
    "AccessorNode",
    "ArrayNode",
    "AssignmentNode",
    "BlockNode",
    "ConditionalNode",
    "FunctionAssignmentNode",
    "IndexNode",
    "ObjectNode",
    "RangeNode",
    "RelationalNode",
  ].map((name) => [name, Refused]),
);

const parse = createParse({
  typed: Object.assign((name, signatures) => signatures.string, { addConversion() {} }),
  numeric: Number,
  config: { number: "number" },
  ConstantNode,
  SymbolNode,
  ParenthesisNode,
  FunctionNode,
  OperatorNode,
  ...refused,
});

/**
 * The tree of a formula: `["num", "2"]`, `["name", "eta"]`, `["call", "sqrt", tree]`, `["neg", tree]`, and
 * `["add" | "sub" | "mul" | "div" | "pow", tree, tree]`.
 *
 * Throws a SyntaxError for everything else, with the number `char` (from 1) where the parser has one.
 */
export const treeOf = (text) => parse(text).tree;
