import { fits } from "../../support/fit";

fits("a phone of 390 px", 390, 844);
// The narrowest that must do (WCAG 1.4.10).
fits("a phone of 320 px", 320, 640);
