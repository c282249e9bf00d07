/** What a network computes with: pure functions of tensors, all of which end and touch nothing else. */
const computing = new Set(
  `Placeholder PlaceholderWithDefault Const Identity IdentityN StopGradient PreventGradient EnsureShape Snapshot
  Conv2D Conv2DBackpropInput DepthwiseConv2dNative BiasAdd BiasAddV1 MatMul BatchMatMul BatchMatMulV2 BatchMatMulV3 Einsum
  FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 LRN
  Relu Relu6 LeakyRelu Elu Selu Sigmoid Tanh Softplus Softsign Softmax LogSoftmax Erf Erfc
  Add AddV2 AddN Sub Mul MulNoNan Div RealDiv DivNoNan FloorDiv FloorMod Mod Maximum Minimum Pow Square SquaredDifference
  Sqrt Rsqrt Exp Expm1 Log Log1p Neg Abs Sign Floor Ceil Round Rint Reciprocal Inv Sin Cos Atan2 ClipByValue L2Loss
  Mean Sum Max Min Prod All Any ArgMax ArgMin Cumsum
  MaxPool MaxPoolV2 AvgPool Pad PadV2 MirrorPad
  Reshape Squeeze ExpandDims Transpose Concat ConcatV2 Split SplitV Slice StridedSlice Pack Unpack Gather GatherV2 GatherNd
  Tile BroadcastTo BroadcastArgs Fill ZerosLike OnesLike Shape ShapeN Size Rank Range OneHot ReverseV2 InvertPermutation
  Cast Bitcast Greater GreaterEqual Less LessEqual Equal NotEqual LogicalAnd LogicalOr LogicalNot Select SelectV2 Where
  ResizeBilinear ResizeNearestNeighbor ResizeBicubic ResizeArea
  SpaceToBatchND BatchToSpaceND SpaceToDepth DepthToSpace ExtractImagePatches
  FakeQuantWithMinMaxArgs FakeQuantWithMinMaxVars FakeQuantWithMinMaxVarsPerChannel`
    .trim()
    .split(/\s+/),
);

/** Whether an operation may be run in somebody else's graph. */
export function isComputing(op: string): boolean {
  return computing.has(op);
}

const harms: readonly { readonly ops: RegExp; readonly why: string }[] = [
  { ops: /^(PyFunc|PyFuncStateless|EagerPyFunc|NumpyFunction)$/, why: 'runs Python code' },
  {
    ops: /^(WriteFile|Save|SaveV2|SaveSlices|MergeV2Checkpoints|WriteSummary|\w*SummaryWriter\w*)$/,
    why: 'writes files',
  },
  {
    ops: /^(ReadFile|MatchingFiles|Restore|RestoreV2|RestoreSlice|WholeFileReader\w*|\w*Reader(V2)?|\w*RecordDataset\w*|TextLineDataset\w*|ImmutableConst|InitializeTableFromTextFile\w*)$/,
    why: 'reads files',
  },
  {
    ops: /^(RemoteCall|SendV2|RecvV2|_Send|_Recv|_HostSend|_HostRecv|DistributedSave\w*|RpcCall|Rpc\w*|LoadLibrary\w*|TfRecord\w*|XlaLaunch\w*)$/,
    why: 'reaches beyond the model',
  },
];

/** Why an operation is a danger, in words; null for those that are only unknown. */
export function harmOf(op: string): string | null {
  return harms.find(({ ops }) => ops.test(op))?.why ?? null;
}
