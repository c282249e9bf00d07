/** Where the weights of Keras Applications are: read off Keras 2.15 (scripts/judges/weights_urls.py prints it). */

import type { Checksum } from './download.ts';

/** ImageNet weights without the classifier. */
export interface PublishedWeights {
  /** Path on storage.googleapis.com. */
  readonly path: string;
  /** As Keras states it; it states none for MobileNet and MobileNetV2. */
  readonly checksum: Checksum | null;
}

const files: readonly (readonly [name: string, path: string, checksum: string | null])[] = [
  ['mobilenet-0.25', 'tensorflow/keras-applications/mobilenet/mobilenet_2_5_224_tf_no_top.h5', null],
  ['mobilenet-0.5', 'tensorflow/keras-applications/mobilenet/mobilenet_5_0_224_tf_no_top.h5', null],
  ['mobilenet-0.75', 'tensorflow/keras-applications/mobilenet/mobilenet_7_5_224_tf_no_top.h5', null],
  ['mobilenet-1.0', 'tensorflow/keras-applications/mobilenet/mobilenet_1_0_224_tf_no_top.h5', null],
  [
    'mobilenet-v2-0.35',
    'tensorflow/keras-applications/mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5',
    null,
  ],
  [
    'mobilenet-v2-0.5',
    'tensorflow/keras-applications/mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.5_224_no_top.h5',
    null,
  ],
  [
    'mobilenet-v2-0.75',
    'tensorflow/keras-applications/mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.75_224_no_top.h5',
    null,
  ],
  [
    'mobilenet-v2-1.0',
    'tensorflow/keras-applications/mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5',
    null,
  ],
  [
    'mobilenet-v2-1.3',
    'tensorflow/keras-applications/mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.3_224_no_top.h5',
    null,
  ],
  [
    'mobilenet-v2-1.4',
    'tensorflow/keras-applications/mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.4_224_no_top.h5',
    null,
  ],
  [
    'mobilenet-v3-small-0.75',
    'tensorflow/keras-applications/mobilenet_v3/weights_mobilenet_v3_small_224_0.75_float_no_top_v2.h5',
    'ebdb5cc8e0b497cd13a7c275d475c819',
  ],
  [
    'mobilenet-v3-small-1.0',
    'tensorflow/keras-applications/mobilenet_v3/weights_mobilenet_v3_small_224_1.0_float_no_top_v2.h5',
    'd3e8ec802a04aa4fc771ee12a9a9b836',
  ],
  [
    'mobilenet-v3-small-minimalistic',
    'tensorflow/keras-applications/mobilenet_v3/weights_mobilenet_v3_small_minimalistic_224_1.0_float_no_top_v2.h5',
    'cde8136e733e811080d9fcd8a252f7e4',
  ],
  [
    'mobilenet-v3-large-0.75',
    'tensorflow/keras-applications/mobilenet_v3/weights_mobilenet_v3_large_224_0.75_float_no_top_v2.h5',
    '40af19a13ebea4e2ee0c676887f69a2e',
  ],
  [
    'mobilenet-v3-large-1.0',
    'tensorflow/keras-applications/mobilenet_v3/weights_mobilenet_v3_large_224_1.0_float_no_top_v2.h5',
    '07fb09a5933dd0c8eaafa16978110389',
  ],
  [
    'mobilenet-v3-large-minimalistic',
    'tensorflow/keras-applications/mobilenet_v3/weights_mobilenet_v3_large_minimalistic_224_1.0_float_no_top_v2.h5',
    'ec5221f64a2f6d1ef965a614bdae7973',
  ],
  ['efficientnet-b0', 'keras-applications/efficientnetb0_notop.h5', '50bc09e76180e00e4465e1a485ddc09d'],
  ['efficientnet-b1', 'keras-applications/efficientnetb1_notop.h5', '74c4e6b3e1f6a1eea24c589628592432'],
  ['efficientnet-b2', 'keras-applications/efficientnetb2_notop.h5', '111f8e2ac8aa800a7a99e3239f7bfb39'],
  ['efficientnet-b3', 'keras-applications/efficientnetb3_notop.h5', 'af6d107764bb5b1abb91932881670226'],
  ['efficientnet-b4', 'keras-applications/efficientnetb4_notop.h5', 'ebc24e6d6c33eaebbd558eafbeedf1ba'],
  ['efficientnet-b5', 'keras-applications/efficientnetb5_notop.h5', '38879255a25d3c92d5e44e04ae6cec6f'],
  ['efficientnet-b6', 'keras-applications/efficientnetb6_notop.h5', '9ecce42647a20130c1f39a5d4cb75743'],
  ['efficientnet-b7', 'keras-applications/efficientnetb7_notop.h5', 'cbcfe4450ddf6f3ad90b1b398090fe4a'],
  [
    'efficientnet-v2-b0',
    'tensorflow/keras-applications/efficientnet_v2/efficientnetv2-b0_notop.h5',
    '893217f2bb855e2983157299931e43ff',
  ],
  [
    'efficientnet-v2-b1',
    'tensorflow/keras-applications/efficientnet_v2/efficientnetv2-b1_notop.h5',
    '0e80663031ca32d657f9caa404b6ec37',
  ],
  [
    'efficientnet-v2-b2',
    'tensorflow/keras-applications/efficientnet_v2/efficientnetv2-b2_notop.h5',
    '1dfe2e7a5d45b6632553a8961ea609eb',
  ],
  [
    'efficientnet-v2-b3',
    'tensorflow/keras-applications/efficientnet_v2/efficientnetv2-b3_notop.h5',
    'f6abf7b5849ac99a89b50dd3fd532856',
  ],
  [
    'efficientnet-v2-s',
    'tensorflow/keras-applications/efficientnet_v2/efficientnetv2-s_notop.h5',
    'af0682fb74e8c54910f2d4393339c070',
  ],
  [
    'efficientnet-v2-m',
    'tensorflow/keras-applications/efficientnet_v2/efficientnetv2-m_notop.h5',
    '1b8dc055df72dde80d614482840fe342',
  ],
  [
    'efficientnet-v2-l',
    'tensorflow/keras-applications/efficientnet_v2/efficientnetv2-l_notop.h5',
    'b0b66b5c863aef5b46e8608fe1711615',
  ],
  [
    'nasnet-mobile',
    'tensorflow/keras-applications/nasnet/NASNet-mobile-no-top.h5',
    '1ed92395b5b598bdda52abe5c0dbfd63',
  ],
  [
    'nasnet-large',
    'tensorflow/keras-applications/nasnet/NASNet-large-no-top.h5',
    'd81d89dc07e6e56530c4e77faddd61b5',
  ],
  [
    'densenet121',
    'tensorflow/keras-applications/densenet/densenet121_weights_tf_dim_ordering_tf_kernels_notop.h5',
    '30ee3e1110167f948a6b9946edeeb738',
  ],
  [
    'densenet169',
    'tensorflow/keras-applications/densenet/densenet169_weights_tf_dim_ordering_tf_kernels_notop.h5',
    'b8c4d4c20dd625c148057b9ff1c1176b',
  ],
  [
    'densenet201',
    'tensorflow/keras-applications/densenet/densenet201_weights_tf_dim_ordering_tf_kernels_notop.h5',
    'c13680b51ded0fb44dff2d8f86ac8bb1',
  ],
  [
    'resnet50',
    'tensorflow/keras-applications/resnet/resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5',
    '4d473c1dd8becc155b73f8504c6f6626',
  ],
  [
    'resnet50-v2',
    'tensorflow/keras-applications/resnet/resnet50v2_weights_tf_dim_ordering_tf_kernels_notop.h5',
    'fac2f116257151a9d068a22e544a4917',
  ],
  [
    'resnet101',
    'tensorflow/keras-applications/resnet/resnet101_weights_tf_dim_ordering_tf_kernels_notop.h5',
    '88cf7a10940856eca736dc7b7e228a21',
  ],
  [
    'resnet101-v2',
    'tensorflow/keras-applications/resnet/resnet101v2_weights_tf_dim_ordering_tf_kernels_notop.h5',
    'c0ed64b8031c3730f411d2eb4eea35b5',
  ],
  [
    'resnet152',
    'tensorflow/keras-applications/resnet/resnet152_weights_tf_dim_ordering_tf_kernels_notop.h5',
    'ee4c566cf9a93f14d82f913c2dc6dd0c',
  ],
  [
    'resnet152-v2',
    'tensorflow/keras-applications/resnet/resnet152v2_weights_tf_dim_ordering_tf_kernels_notop.h5',
    'ed17cf2e0169df9d443503ef94b23b33',
  ],
  [
    'inception-v3',
    'tensorflow/keras-applications/inception_v3/inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5',
    'bcbd6486424b2319ff4ef7d526e38f63',
  ],
  [
    'inception-resnet-v2',
    'tensorflow/keras-applications/inception_resnet_v2/inception_resnet_v2_weights_tf_dim_ordering_tf_kernels_notop.h5',
    'd19885ff4a710c122648d3b5c3b684e4',
  ],
  [
    'xception',
    'tensorflow/keras-applications/xception/xception_weights_tf_dim_ordering_tf_kernels_notop.h5',
    'b0042744bf5b25fce3cb969f33bebb97',
  ],
  [
    'vgg16',
    'tensorflow/keras-applications/vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5',
    '6d6bbae143d832006294945121d1f1fc',
  ],
  [
    'vgg19',
    'tensorflow/keras-applications/vgg19/vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5',
    '253f8cb515780f3b799900260a226db6',
  ],
  [
    'convnext-tiny',
    'tensorflow/keras-applications/convnext/convnext_tiny_notop.h5',
    'd547c096cabd03329d7be5562c5e14798aa39ed24b474157cef5e85ab9e49ef1',
  ],
  [
    'convnext-small',
    'tensorflow/keras-applications/convnext/convnext_small_notop.h5',
    '6fc8009faa2f00c1c1dfce59feea9b0745eb260a7dd11bee65c8e20843da6eab',
  ],
  [
    'convnext-base',
    'tensorflow/keras-applications/convnext/convnext_base_notop.h5',
    '40a20c5548a5e9202f69735ecc06c990e6b7c9d2de39f0361e27baeb24cb7c45',
  ],
  [
    'convnext-large',
    'tensorflow/keras-applications/convnext/convnext_large_notop.h5',
    '96f02b6f0753d4f543261bc9d09bed650f24dd6bc02ddde3066135b63d23a1cd',
  ],
  [
    'convnext-xlarge',
    'tensorflow/keras-applications/convnext/convnext_xlarge_notop.h5',
    'de3f8a54174130e0cecdc71583354753d557fcf1f4487331558e2a16ba0cfe05',
  ],
];

/** By architecture. */
export const publishedWeights: ReadonlyMap<string, PublishedWeights> = new Map(
  files.map(([name, path, hex]) => [
    name,
    {
      path,
      checksum: hex === null ? null : { algorithm: hex.length === 32 ? 'md5' : 'sha256', hex },
    },
  ]),
);
