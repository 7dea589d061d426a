import { fits } from "../../support/fit";

fits("a desk of 1280 px", 1280, 900);
fits("a desk of 1280 px at 200 %", 640, 450);
