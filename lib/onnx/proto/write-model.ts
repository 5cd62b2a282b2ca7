import type { Graph, Model, Node, Tensor, Value } from "./messages.ts";
import { Message } from "./writer.ts";

const EXTERNAL = 1; // TensorProto.DataLocation

/** The model as the bytes of an ONNX file. */
export function writeModel(model: Model): Uint8Array {
  const message = new Message();
  for (const field of model.rest) message.raw(field);
  return message.message(7, graphMessage(model.graph)).finish();
}

function graphMessage(graph: Graph): Message {
  const message = new Message();
  for (const node of graph.nodes) message.message(1, nodeMessage(node));
  for (const tensor of graph.initializers) message.message(5, tensorMessage(tensor));
  for (const value of graph.inputs) message.message(11, valueMessage(value));
  for (const value of graph.outputs) message.message(12, valueMessage(value));
  for (const value of graph.valueInfo) message.message(13, valueMessage(value));
  for (const field of graph.rest) message.raw(field);
  return message;
}

function nodeMessage(node: Node): Message {
  const message = new Message();
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  if (node.name) message.text(3, node.name);
  message.text(4, node.opType);
  for (const attribute of node.attributes) {
    const encoded = new Message();
    for (const field of attribute.rest) encoded.raw(field);
    if (attribute.graph) encoded.message(6, graphMessage(attribute.graph));
    message.message(5, encoded);
  }
  if (node.domain) message.text(7, node.domain);
  for (const field of node.rest) message.raw(field);
  return message;
}

function tensorMessage(tensor: Tensor): Message {
  const message = new Message();
  for (const field of tensor.rest) message.raw(field);
  if (tensor.name) message.text(8, tensor.name);
  if (tensor.external.size > 0) {
    for (const [key, value] of tensor.external) {
      message.message(13, new Message().text(1, key).text(2, value));
    }
    message.varint(14, EXTERNAL);
  } else if (tensor.raw) message.bytes(9, tensor.raw);
  return message;
}

function valueMessage(value: Value): Message {
  if (value.raw) return new Message().raw(value.raw);
  const type = new Message().varint(1, value.elementType);
  if (value.dims) {
    const shape = new Message();
    for (const dim of value.dims) {
      const encoded = new Message();
      if (typeof dim === "number") encoded.varint(1, dim);
      else if (dim !== null) encoded.text(2, dim);
      shape.message(1, encoded);
    }
    type.message(2, shape);
  }
  return new Message().text(1, value.name).message(2, new Message().message(1, type));
}
