#define BOOST_TEST_MODULE simulators
#include <boost/test/unit_test.hpp>
