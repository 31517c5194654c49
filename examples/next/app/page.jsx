'use client';
import { AlcoveChat } from 'alcove-chat/react';
import { useState } from 'react';

export default function Page() {
  const [count, setCount] = useState(0);
  return (
    <>
      <AlcoveChat
        model="SmolLM2-360M-Instruct-Q8_0-GGUF"
        starters={['What is the capital of France?']}
        onAlcoveMessage={() => setCount((before) => before + 1)}
      />
      <p>
        Messages: <output>{count}</output>
      </p>
    </>
  );
}
