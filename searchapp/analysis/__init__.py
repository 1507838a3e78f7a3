"""Text -> tokens. The only room that imports jieba, rjieba and opencc."""
