package io.dynosend.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/** How much of a core JMH got from a machine with neighbours: 1 is all of it. */
public final class ProcessorShare implements InternalProfiler {

    static final String LABEL = "processor.share";

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private long processorTime;
    private long started;

    @Override
    public String getDescription() {
        return "The part of a core that was used";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        processorTime = PROCESS.getProcessCpuTime();
        started = System.nanoTime();
    }

    @Override
    public Collection<ScalarResult> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double used = PROCESS.getProcessCpuTime() - processorTime;
        double share = used / (System.nanoTime() - started);
        return List.of(new ScalarResult(LABEL, share, "cores", AggregationPolicy.AVG));
    }
}
