/** The preload script under an old Electron, whose pages' files say their path themselves. */
import './webUtils.ts';
import '../../../preload/preload.ts';
