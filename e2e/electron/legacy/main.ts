/** Entry of the application under an old Electron: what that lacks, then the product's own entry. */
import './polyfills.ts';
import './shim.ts';
import '../../../main/app/main.ts';
