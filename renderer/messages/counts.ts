/** Numbers in English texts. */

export const whole = (count: number): string => count.toLocaleString('en');
export const imagesText = (count: number): string => (count === 1 ? '1 image' : `${whole(count)} images`);
