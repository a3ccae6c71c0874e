/*
 * Known answers for the self-tests at boot, from the documents that define the algorithms. Long values are base64,
 * short ones hexadecimal.
 */
import { category5Answers } from './hpke/category5-answers.ts';
import { signatureAnswers } from './signature/self-test-answers.ts';
import { symmetricAnswers } from './symmetric/self-test.ts';

export const answers = {
  // FIPS 180-4 and FIPS 202: the digest of "abc".
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  sha3: '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532',
  // RFC 4231, test case 2: key "Jefe", data "what do ya want for nothing?".
  hmac: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  // RFC 5869, test case 1.
  hkdf: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  // McGrew and Viega, The Galois/Counter Mode of Operation, test case 16.
  gcm: {
    key: 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308',
    nonce: 'cafebabefacedbaddecaf888',
    aad: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    plaintext:
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    sealed:
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b',
  },
  sha384: 'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
  // RFC 4231, test case 2.
  hmac384: 'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649',
  // FLOE, kats/java_lastSegEmpty: key of 32 zero bytes, segments of 40 bytes.
  floe: {
    aad: 'This is AAD',
    stream:
      '00000000002800000020e4fd1738289ec2a831a32ff254bc176033f565de7f15928355b3a8bb4694a67b3e5dbb9e3bb6608743b2451f6fd129a31d83b455a67eaf11be3b882dd8d3b10fffffffff1fdfeebb9f3d2c4af5f556e481d8c73c8ad1286a4a2cf73580f5eef7cd20922b5c430ddbffffffff777bc2da2eb1d497f77657cc4eb211fa9c5280b1f0cab8d6c9c34a81c37140079c3d5cb1000000201832f5ffdd0e8529483ee8032c2fcd25779ddf459dcdd57fb3ba8d80',
    plaintext: 'b83fb512012054a0195ff30074ebd4a8',
  },
  // RFC 9106, section 5.3: 32 KiB, three passes, four lanes.
  argon2id: '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659',
  // RFC 8032, section 7.1, test 2.
  ed25519: {
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  // RFC 6979, appendix A.2.5: P-256 with SHA-256, message "sample", here as DER.
  ecdsa: {
    publicKey:
      '0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299',
    signature:
      '3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
  },
  // RFC 6979 appendix A.2.6, SHA-384, message "sample".
  ecdsa384: {
    publicKey:
      '04ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc138015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720',
    signature:
      '306602310094edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe4602310099ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8',
  },
  // draft-connolly-cfrg-xwing-kem, appendix with test vectors, first one.
  xwing: {
    seed: '7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26',
    publicKeySha256: '2e816deebcd76c5c80d0cd2d174478871658e8e2ff42bc9d4a6e486372e856bb',
    sharedSecret: 'd2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384',
  },
  xwingCiphertext: [
    'uDqoKNTWK5qDzv/h09O7HvMSZGQ8BwxXmJJ+QfsHkUonP4+W54Js1TdaKD19qIUwTF3gUWoPBlQkPcW5f4v+uDH2glEhmqvdcjvGUSBBrLrv',
    'ivRCZVJJQrkC5o/9IyIc2nCxtV13apLRFD6joMR19j7miQFXxxFtrj9iv3L2Cs0ruMwxziug3jZPUrjtOMedcZcVljpd04QtjotDq3BOR1m1',
    'MnvwJ8Y8j6hXxJCNWop7iKx/K+OU2Tw3Bt3U5pjMbONwEB9NAhMlQji0ouiCG25BShzyD2wSRLaZBG9aAcqgoaVVFjALQNIEjHfMc6+6ea/u',
    'qdLAEYvfKtuIcNwyjFUWzEWxogWBQQOeLJChEKnhazGN+1O9SaEm1rc/IVeHUXuJF8wByr0QfQaFmFTui0+YYcIm03ZMhzOasWw2Z9L0k4Tl',
    'VFbdQEFLcKavhBWF9MkMaHJdV3BO6O585uL5vlgtvumF4Dj/w0br+04iFYtshDdKmrSkTh+R3lqsUZf4m8XlRC9R+aWTexAro76uv24cWDgK',
    'Sl/tzkpOUCb4j1KPWf/S20F1Kzo9kO+r5GOJm31AhwxTDIhB6HErczZo7QM62/r7LUnTekTUBk5YY+sK8KCNR7PMiINzvAX3ozuEG8JYfFfr',
    'aVVOijdnt1BpF7a3BJhyfxbqwaNuyNjPr3UVSfInfbJ36KVamlEGsjoCBrRyH6mzBIVSxb1bWU1uJH84wYxZGup/ViSccs57EXr8w6hiFYL5',
    'z3F4fhg97gk2eXbphAmtkhekl9+IgEI4TXcHprePX3+4QJ47U1F1NzRht3YALXmcutYoYL5wVz7L4Tskbg2n6TpSFo4Ptql1a4le9/AUeg3I',
    'G/pkSwiKkigWDA+azxN5opQc0owG68gOROF6ovgXcBCv14qXzgho0WKeuylMUVGBLFg9rriGhSIPTakRgRLgcEH8wk1VZKmf294ohp/gciOH',
    '16mk0W4cyFVZF+CZRKpeuqrsLPYmk6+tQqP1GPzmfSc8xsn7VHKzgOhXPsfeBqO6L9X5MdcltJMCbLCsvT/mLQDkx5DZZdegOjwLQiK6jCqa',
    'FuKsZY9XKuDnRur8T+ugI1dvCJQieKBB+4KnClldW6y/KXziApiYpx5cOw0cYii0hbGt5QmzX7yn7Kl7ITLny2vEZTdRRrfc6slpMIrAwqyJ',
    '54Y+uJQwFbJDFMr7nHwOhf5UPVZljCE2Mlme+r/B7EndjIhUe7LMQMnTjL0wmbRUeEBWBTHQGIzR6cI6Dr7goD1Vd9ZrHSvLS6ryHMf+8eA4',
    'BsqWKZ3w37xW4bK0Pk/CDDf4NMSvYhJ+fa6Gw8JaL2lqyLWJ3scdWVv76Ute1LwH2ACzMHlv2ontt3vgKUE2E5NU64zTdZFXj5xgDdm+jsYh',
    'n91Qet8zl+1NaHB7jROyTOTNj7IoUb/p1jJAfzHtb3yxYA3lbxdXZ0DOKjL8UUUDAUXPuX5j4OQdNUJ0oHnT5vsuFQ==',
  ].join(''),
  // HPKE to the X-Wing key above with its ciphertext as `enc`; confirmed by a second implementation (npm hpke 1.1.7).
  hpke: {
    info: 'self-test info',
    aad: 'self-test aad',
    plaintext: 'self-test',
    ciphertext: '416b45b4b860b469871d2e77ab942373cd4a6b6969e166e3a9',
  },
  ...category5Answers,
  ...symmetricAnswers,
  ...signatureAnswers,
  // Wycheproof, mldsa_44_sign_seed_test.json, case 1 (deterministic signature, no context).
  mldsa: {
    seed: '2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a',
    publicKeySha256: 'd87f8ca136ac1aa55e2d6c4521680efb3a378cbb9bc0bfb446e9c60893931ea3',
    message: '48656c6c6f20776f726c64',
  },
  // Wycheproof, mldsa_65_sign_seed_test.json and mldsa_87_sign_seed_test.json, first group: the same seed.
  mldsa65PublicKeySha256: 'b7acce2ddb11f8cc1aa46e2bafac6eacfa2b732ef192bd636ad8d3a56d649c66',
  mldsa87PublicKeySha256: 'd43128fa8a8c785c1d44c9e7db538dbf9dd88fe6c8ad911a344bcec1017c6d54',
  mldsaSignature: [
    'Gqacte01IEU08l9AoX6w12f4mB9efOxG078yUr/HjgnQLvDILabd6XNhHISUcokBBhWMsV/6bKiRYV6IjvoNLYoSG3XKRAIorTKZG+NCSWIP',
    'FY/9b3TXsDv5GSGM4lm1AICOwVfq1ntWt56eZgfq+5InuKMK2+wIfTW8GuwvGgxN0Sbfz7n78L10+x4JJJX6mUq1p80TMygar+g0aUptwR6I',
    'nHYrVkVjjhct+rMGADHrzcH9RV1d5gUL9xsHSk3TSvXr8VSHZR8PE+XTzuIxubNHgQv8QYGW351yMXgMCRcbmq5zK+onoWSdjAMiD0F+MKAW',
    'sIzLHVXJM3tIEuIOBFI/XSmnYKAbOoDXYoVSEgZIHuHkTfCadpE7pUrlDI65c6PO1zlQ+/OcTAwSYqIWghpEIHLBDMgoOaxXuJhBG+noEPiT',
    'JyolRv99HZIPFGIQ78K0UovJigmaOYMC0wH8Heoxs9j/eCRqZvaQ71NraOAr1+ojpTeJMN3n8b61F0mJanlE5aQOb7ux92w/2gnjLgpYBiwk',
    'ysfduMHSy7NSqB4zZCXF9VEkbbRezQqynayIzev1HGC+vC4nyXT1baEsH+xPV0WFBCm2B/XtfNgh8skfwt2owsjo7CeNGypb9Q7HDFYj/Ggb',
    'TR3M/5azJMtT/5dHD53hd8IAaomvjxhgOm1OomJXlGlf55zTAxih52MHpMKjU9seB2rZtgmiSJuUy23YIcOvMQRrt6XUPRkOCfzklp/k6TyD',
    'k5deZMstnCKU/EJ+9RkcQJN5KbOw4bA35rhMwCmdWvK1QQEYv9iO9kka9vISMzkMp6GfFXbmxaEKZzeWkFViB1BHiW46I3n2Tfu8Erm/5kk5',
    'wtBe+8X25LXKac4e1LfSXoyDWwYSsz4T7XqKcjO0s9WO6tC8TIQay2Wl7A7UXiWEwjwqFiOStXicYjWOQDiGTiDBDhDGfZQM54mTF42+s94f',
    '6h5Q58KfTX2TjDv+UCKeoEAQLzDVs6ZMuOE0IAZdVKGsUKdzg73/PK4jQOvxWhVX/eiXAHwbZ9BPGUMcoAyw8I24fpDhZuD0zm/WnG7O8bP3',
    'DZ62AbV6e/kxBXwq/i01Z7a77HiRxmRxM4USL914nB1aipz9SR9AfBbQsMXfxTpoYiCOJkuYG/LdvdHX25cptSZcTDhoqUfJgogLxVt4YVO4',
    'nvMyQGezWpKMUSNry+n4YK2e7lZER4+JSp/njSaloX1IJhLxy5mDuGTm+6hFkcD3O3snkYgZ0hIdSvZA9TPik509oPCqa534CDeoAWWui3V5',
    'cVGS6w9synikPYrY16u1bYFuOvLeWbiL/c9nZ6v7BD064kIj0FABlT+qKSZxxXreH+KJiAdauNFKyYNjQSvWlMQK6FsfEEr80PJapZD1e6T1',
    '399hO/hZTj9Uuq399QwIga8kdVkHWKI7fu5yVRPk0eqfRjAVnEJKKJ8YqYeeXhczkPjmMPbuKmBD2CoZg9yXx6z+o7DAPifoZdgQ0BLa7sKN',
    'xFT1kzTt8kYn1DVwHTKf9eaNGbvcpe99XgAgT6lH0I+By2SEyr5gmJ0vYfvnCUD35PRJs/yxA6iRQ9dLFdcueRPc6Rk6C5xaeyqXvebX85au',
    'gLS1Zvny5zRbxCzjsAKBjhnw8WQWuFCDLNAiee6NWKOB3qrAmxtNRhP00GaAXS+upnFuAV/jYcBSbG5GF6OJ/9+TAhPB3AxMkFwxBqdRfc56',
    'vqepNBEy+K2Y3j5C9rdYCf/zj27q+5c5jnnVClYiM4djxORaiN3af7h6t/XOxhEJ/cHF1KFjECdSQfw0F4AopJ/XlYGgXDtphO7NbLm9YKRN',
    'pyYA+PJgSk/0V4EmGU+yJpyObnFEdEXo6Av4xgY9u/Kcfe1Yq7wNLu00e/SVtqnL5oWFpZSqDmWDS/vMzD9r9C/k70LYYjLD+xQS3QtfigSJ',
    'lY9cO4g794UTN6NbE90rZRdib/LRBkzRib60Akl91riJPUFN3n0dUQGMeoN2ai2KKbgOj0KCN3MvfuW6h4Fj8KqK9bYFM7TUYho4/cVDg6yz',
    'Mlteh24hSD7dzGTEGVluZW0VV74xtTDqZgVPedT0p1X57jPIT+1dVS7F4uzNBhz0xLXDwWpwp7rszPwgjSQw54Yhya5bDQgJc7Th3wofXAQV',
    '2208hfnqkEHpqavd5x1ndqUiqpV/cIsUoz7aEOu6uTu47Ct6BGefOOtE/FWO5pjTxpN+DmR9zomNdZn+9t4yrk1SrcciRDYQshJlWXVqo288',
    'eWlrmb49kI94D8uu8zshVpNjTWPOKgd337vImdK+cu/br7wQrvsmoaY83P2gAjWzTbcjyRYk7l+TkCTf7boIY60I9kh2fUH8f9azF8UfSxuH',
    '4h4H1IjJQjWB+bva5D5NMrN+goOWBST5pgGrafXNf7AcmopcZP6GNRmh6fNCY5j2kaluF0hJG04gn8oqspSBpnRiHHl2FLoW+/39GkGE5/hG',
    'Z+cg5rzZ3r7zLCueiRpuPAQjFY9TmDjYQT6fxwfVxlsjNotu3JXZw/jiC7uERJkxFhSUVgbBSH70AV0eJg+oI5q6oHG+VyFjEyvbBu8h4xvg',
    '+dS2dHE05IQr7c079TsNbwVGk7xCjppxXVoyp55qPLi4H68sBAh9iBZ1Jjei/hHqyzg0HgJISFYqKdRYXk7lZVLOmx+tQ7llo3v/hViSF5Dv',
    'D0rFW8rEMn0Xg/Xh55vwHpaTS7So9d0GyDu3CyN3GJ1iKhBhAPDL3TjjTAVlkAxhZWEWGzJhhZEz+DiT/rIrC6/ILPTw26/eBkji+GJg5udH',
    'A05cs+zpgIf790F5xjBvDEYLXWCbmzpmdhRy7gudq7XfqHLVxrybM0YaJ7VCe9iDP4dPR57MXwogMEuadarMgkIKh69kadqu9TORroolRo5x',
    'fcR/Rk/ORaMRR8DE4SrC+DRWfkAFsIJ9E7PsgM2LepB0NuZiTGyKxqgK3TXPoaKIcvtlyz+kaJTRFqBS8Ztf4gx+rRC9JNJ60rVoPymdEZPs',
    'bZ/zN587PjnLmZGDHxlK8gQQhVCNpNy3uHhcvcTgTPTYJtHvShEDbkxYA8Oqp2abTdO8Ev+IiYTpu9rODncqtZMytHMAM0dXZ3V4gI6QkpaX',
    'qc7P1u0bMD1CUHOKl6CqusbZHig6S2lvcYGChJOuyM3P4ers/AInSElXWVutvL/I+gAAAAAAAAAAAAAAAAAAAAAAABIfMj4=',
  ].join(''),
} as const;
