"""zstd, which is part of Python from 3.14 on; before that its backport serves."""

import sys

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdDecompressor, ZstdDict, ZstdError, compress, decompress, train_dict
else:
    from backports.zstd import ZstdDecompressor, ZstdDict, ZstdError, compress, decompress, train_dict

__all__ = ["ZstdDecompressor", "ZstdDict", "ZstdError", "compress", "decompress", "train_dict"]
