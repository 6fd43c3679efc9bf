package io.dynosend.bench;

import java.util.List;

/** Finds a measurement by its name. */
final class Bench {

    private Bench() {}

    static void main(String[] args) throws Exception {
        switch (args.length == 0 ? "" : args[0]) {
            case "start" -> StartBench.run();
            case "api" -> ApiBench.run(List.of(args).subList(1, args.length));
            case "list" -> ListBench.run();
            case "pages" -> PagesBench.run();
            case "screenshots" -> Screenshots.run();
            case "clicks" -> ClickBench.run();
            case "send" -> SendBench.run(List.of(args).subList(1, args.length));
            case "compose" -> ComposeBench.run();
            case "smtp" -> SmtpBench.run(List.of(args).subList(1, args.length));
            case "liquid" -> LiquidBench.run(List.of(args).subList(1, args.length));
            default -> {
                System.err.println(
                        "Usage: ./dynosend bench start, api, list, pages, clicks, compose, smtp, liquid or"
                                + " send");
                System.exit(2);
            }
        }
    }
}
