// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The responses of both kinds of provider, in the shapes that their SDKs parse. The text of event n
// is "e<n> "; `n` is 0 for events that only frame the others.

const sse = (data) => `data: ${JSON.stringify(data)}\n\n`;
const namedSse = (data) => `event: ${data.type}\n${sse(data)}`;

export function openaiCompletion(model, text) {
  return {
    id: 'chatcmpl-mock', object: 'chat.completion', created: 1700000000, model,
    choices: [{
      index: 0, message: { role: 'assistant', content: text, refusal: null }, logprobs: null, finish_reason: 'stop',
    }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
}

export function* openaiEvents(model, count) {
  const chunk = (delta, reason = null) => sse({
    id: 'chatcmpl-mock', object: 'chat.completion.chunk', created: 1700000000, model,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
  });
  for (let n = 1; n <= count; ++n) {
    yield { n, text: chunk({ ...(n === 1 ? { role: 'assistant' } : {}), content: `e${n} ` }) };
  }
  yield { n: 0, text: chunk({}, 'stop') };
  yield { n: 0, text: 'data: [DONE]\n\n' };
}

/// The newer API, which Codex uses.
export function* openaiResponseEvents(model, count) {
  const text = Array.from({ length: count }, (_, i) => `e${i + 1} `).join('');
  const message = { type: 'message', id: 'msg_mock', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text, annotations: [] }] };
  const response = { id: 'resp_mock', object: 'response', model, status: 'completed', output: [message] };
  const usage = { input_tokens: 1, input_tokens_details: null, output_tokens: count, output_tokens_details: null, total_tokens: count + 1 };
  yield { n: 0, text: namedSse({ type: 'response.created', response: { ...response, status: 'in_progress', output: [] } }) };
  yield { n: 0, text: namedSse({ type: 'response.output_item.done', output_index: 0, item: message }) };
  yield { n: 0, text: namedSse({ type: 'response.completed', response: { ...response, usage } }) };
}

/// The token of a user who is signed in with ChatGPT; valid until `expires`, in seconds.
export function chatgptToken(expires) {
  const claims = {
    exp: Math.floor(expires), email: 'somebody@mock.test',
    'https://api.openai.com/auth': { chatgpt_account_id: 'mock', chatgpt_user_id: 'mock', chatgpt_plan_type: 'plus' },
  };
  return ['{"alg":"none"}', JSON.stringify(claims), 'unsigned'].map((part) => Buffer.from(part).toString('base64url')).join('.');
}

export function anthropicMessage(model, text) {
  return {
    id: 'msg_mock', type: 'message', role: 'assistant', model, content: [{ type: 'text', text }],
    stop_reason: 'end_turn', stop_sequence: null, usage: { input_tokens: 1, output_tokens: 1 },
  };
}

export function* anthropicEvents(model, count) {
  const start = { ...anthropicMessage(model, ''), content: [], stop_reason: null };
  yield { n: 0, text: namedSse({ type: 'message_start', message: start }) };
  yield { n: 0, text: namedSse({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }) };
  yield { n: 0, text: namedSse({ type: 'ping' }) };
  for (let n = 1; n <= count; ++n) {
    yield {
      n, text: namedSse({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: `e${n} ` } }),
    };
  }
  yield { n: 0, text: namedSse({ type: 'content_block_stop', index: 0 }) };
  yield {
    n: 0,
    text: namedSse({
      type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: count },
    }),
  };
  yield { n: 0, text: namedSse({ type: 'message_stop' }) };
}
