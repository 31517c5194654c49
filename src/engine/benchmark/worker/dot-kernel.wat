;; The loop that llama.cpp's WebAssembly build spends its time in for Q8_0 weights (ggml_vec_dot_q8_0_q8_0): blocks of
;; 34 bytes, a scale of 2 bytes and 32 integers of 1 byte, are read one after another, widened to 16 bits, multiplied with
;; the 32 integers of a short row that stays in the cache, and added.
;;
;; Memory: 0–2,079 the short row; 4,096–8,191 a table of 1,024 scales; the weights from 65,536 on (dot-kernel.ts).
;; tools/wat-plugin.ts compiles this file twice, the second time without the word `shared` in the memory's limits.
(module
  (import "kernel" "memory" (memory 1 4096 shared))

  ;; Reads the blocks from $block up to $end; returns one lane of the sum, so that no engine can drop the loop.
  (func (export "run") (param $block i32) (param $end i32) (result f32)
    (local $sum v128)
    (local $row i32)
    (loop $next
      (local.set $row (i32.and (local.get $block) (i32.const 0x7fe)))
      (local.set $sum
        (f32x4.add
          (local.get $sum)
          (f32x4.mul
            ;; The 32 products, 8 at a time: two vectors of 16 integers, each widened in two halves.
            (f32x4.convert_i32x4_s
              (i32x4.add
                (i32x4.add
                  (i32x4.dot_i16x8_s
                    (i16x8.extend_low_i8x16_s (v128.load offset=2 align=1 (local.get $block)))
                    (i16x8.extend_low_i8x16_s (v128.load offset=2 align=1 (local.get $row))))
                  (i32x4.dot_i16x8_s
                    (i16x8.extend_high_i8x16_s (v128.load offset=2 align=1 (local.get $block)))
                    (i16x8.extend_high_i8x16_s (v128.load offset=2 align=1 (local.get $row)))))
                (i32x4.add
                  (i32x4.dot_i16x8_s
                    (i16x8.extend_low_i8x16_s (v128.load offset=18 align=1 (local.get $block)))
                    (i16x8.extend_low_i8x16_s (v128.load offset=18 align=1 (local.get $row))))
                  (i32x4.dot_i16x8_s
                    (i16x8.extend_high_i8x16_s (v128.load offset=18 align=1 (local.get $block)))
                    (i16x8.extend_high_i8x16_s (v128.load offset=18 align=1 (local.get $row)))))))
            ;; Both scales are looked up, as llama.cpp looks up its 16-bit floats in a table of 32-bit ones.
            (f32x4.splat
              (f32.mul
                (f32.load offset=4096
                  (i32.shl (i32.and (i32.load16_u align=1 (local.get $block)) (i32.const 0x3ff)) (i32.const 2)))
                (f32.load offset=4096
                  (i32.shl (i32.and (i32.load16_u align=1 (local.get $row)) (i32.const 0x3ff)) (i32.const 2))))))))
      (br_if $next
        (i32.lt_u (local.tee $block (i32.add (local.get $block) (i32.const 34))) (local.get $end))))
    (f32x4.extract_lane 0 (local.get $sum))))
